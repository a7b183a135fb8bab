/** What an environment stands on, by name. The names come from the stacks' configuration. */
export type FoundationSettings = {
  project: string;
  environment: string;
  /** The other environments: their deployers and ours must not reach each other. */
  others: string[];
  region: string;
  stateBucket: string;
  /** The folder of the service's state in it, with a slash in front. */
  stateFolder: string;
  /** Where the state of the foundation itself is kept, beside the service's, as Pulumi names it. */
  foundationState: string;
  packagesBucket: string;
  ledgerTable: string;
  /** Days after which a release expires that was uploaded and never promoted. */
  temporaryDays: number;
  /** Alias of the key that encrypts the stack's secrets, as `alias/...`. */
  secretsKey: string;
  /** Alias of the key that signs attestations, as `alias/...`. */
  signingKey: string;
  /** The external secrets: made empty, their values are put in by hand or by the bootstrap. */
  secrets: { newsApiKey: string; dashboardApiKey: string };
  /** Whose workflows may be the environment's principals. */
  github: GithubSettings;
  /** Days in which a deleted secret can be had back; 0 deletes at once, which is for rehearsals. */
  recoveryWindowInDays: number;
};

export type GithubSettings = {
  /** `<owner>/<repository>`; without it the principals are users with keys. */
  repository?: string | undefined;
  /** The GitHub environments whose jobs may deploy here. */
  environments: string[];
  /** The GitHub environments whose jobs may read releases here: those of the environments that take them from here. */
  readers: string[];
};

/** The parts of the parsed `Pulumi.yaml` and `Pulumi.<environment>.yaml` files that are read here. */
type Stack = { secretsprovider?: string | undefined; config: Record<string, unknown> };
type Promotion = Record<"state" | "packages" | "ledger" | "signingKey" | "healthKeySecret", string> & {
  retentionDays?: number;
  source?: string;
  github?: { repository?: string; environments?: string[] };
};
const RETENTION_DAYS = 90;
/** No environment can have this name for its own folder: the deployer may not write there. */
export const FOUNDATION_FOLDER = "/.foundation";
/** A wildcard here would be one in a trust policy. */
const REPOSITORY = /^[\w-]+\/[\w.-]+$/;

/**
 * Derives the settings from the parsed stack files. Throws when the environment has none, or when its name has a dash:
 * names end in `-<environment>`, and "a-b" could then not be told from "b".
 */
export function foundationSettings(options: {
  project: string;
  stacks: Record<string, Stack>;
  environment: string;
  recoveryWindowInDays: number;
  /** `<owner>/<repository>`, where the file names none. */
  repository?: string | undefined;
}): FoundationSettings {
  const { project, stacks, environment } = options;
  for (const name of Object.keys(stacks)) {
    if (!/^[a-z][a-z0-9]*$/.test(name))
      throw new Error(`"${name}" cannot name an environment: a-z and 0-9 only.`);
  }
  const stack = stacks[environment];
  if (!stack) throw new Error(`There is no Pulumi.${environment}.yaml.`);
  const promotionOf = ({ config }: Stack) => config[`${project}:promotion`] as Promotion;
  const promotion = promotionOf(stack);
  const repository = options.repository ?? promotion.github?.repository;
  if (repository !== undefined && !REPOSITORY.test(repository))
    throw new Error(`"${repository}" is not a GitHub repository as <owner>/<repository>.`);
  const environmentsOf = (name: string, { github }: Promotion) => github?.environments ?? [name];
  return {
    project,
    environment,
    others: Object.keys(stacks).filter((name) => name !== environment),
    region: String(stack.config["aws:region"]),
    stateBucket: new URL(promotion.state).host,
    stateFolder: new URL(promotion.state).pathname,
    foundationState: Object.assign(new URL(promotion.state), { pathname: FOUNDATION_FOLDER }).href,
    packagesBucket: promotion.packages,
    ledgerTable: promotion.ledger,
    // A lifecycle rule knows whole days, and no fewer than one.
    temporaryDays: Math.max(1, Math.ceil(promotion.retentionDays ?? RETENTION_DAYS)),
    secretsKey: secretsKeyAlias(environment, stack),
    signingKey: promotion.signingKey,
    secrets: { newsApiKey: `${environment}-newsapi-key`, dashboardApiKey: promotion.healthKeySecret },
    github: {
      repository,
      environments: environmentsOf(environment, promotion),
      readers: Object.entries(stacks)
        .filter(([, other]) => promotionOf(other)?.source === environment)
        .flatMap(([name, other]) => environmentsOf(name, promotionOf(other))),
    },
    recoveryWindowInDays: options.recoveryWindowInDays,
  };
}

function secretsKeyAlias(environment: string, { secretsprovider = "" }: Stack): string {
  const alias = /^awskms:\/\/(alias\/[^?]+)/.exec(secretsprovider)?.[1];
  if (!alias)
    throw new Error(`Pulumi.${environment}.yaml names no key as awskms://alias/... for its secrets.`);
  return alias;
}
