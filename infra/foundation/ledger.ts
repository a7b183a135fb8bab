import aws from "@pulumi/aws";

/** The table of the promotions and of the lease: one table, so that one transaction can check the one and append the other. */
export function ledgerTable(name: string): aws.dynamodb.Table {
  return new aws.dynamodb.Table(
    "ledger",
    {
      name,
      billingMode: "PAY_PER_REQUEST",
      hashKey: "pk",
      rangeKey: "sk",
      attributes: [
        { name: "pk", type: "S" },
        { name: "sk", type: "S" },
      ],
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: true,
    },
    { protect: true },
  );
}
