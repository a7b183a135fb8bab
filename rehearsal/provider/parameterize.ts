import type { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import { TERRAFORM_DATA_SOURCES, TERRAFORM_RESOURCES } from "./tokens.ts";

const START_MS = 60_000;

/**
 * Tells a fresh bridge which Terraform provider to be. Only the covered types are loaded: all 1,500 would cost memory,
 * and seconds at every start.
 */
export function parameterize(upstream: ResourceProviderClient, terraformProvider: string): Promise<unknown> {
  const names = [...Object.values(TERRAFORM_RESOURCES), ...Object.values(TERRAFORM_DATA_SOURCES)];
  const request = new proto.ParameterizeRequest();
  const args = new proto.ParameterizeRequest.ParametersArgs();
  args.setArgsList([terraformProvider, "--provider-name", "aws", "--include", names.join(",")]);
  request.setArgs(args);
  return new Promise((resolve, reject) => {
    const deadline = Date.now() + START_MS;
    upstream.waitForReady(deadline, (unready) => {
      if (unready) return reject(unready);
      upstream.parameterize(request, (error, response) => (error ? reject(error) : resolve(response)));
    });
  });
}
