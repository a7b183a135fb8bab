import { bootstrap, type Finding, findingsOf } from "./finding.ts";
import { type Check, checkOf, type Ground } from "./ground.ts";
import type { BucketLook } from "./place.ts";

type Named = { bucket: string; environment: string };

const templates = {
  "bucket-fine": {
    severity: "fine" as const,
    seen: (p: Named) => `${p.bucket} keeps every version, encrypted, closed to the public`,
  },
  "bucket-missing": {
    severity: "problem" as const,
    seen: (p: Named) => `there is no bucket ${p.bucket}`,
    remedy: bootstrap,
  },
  "bucket-elsewhere": {
    severity: "problem" as const,
    seen: (p: Named & { region: string; wanted: string }) =>
      `${p.bucket} is in ${p.region}, not in ${p.wanted}`,
    remedy: (p: Named) =>
      `a bucket cannot move: name another one in Pulumi.${p.environment}.yaml, then ${bootstrap(p)}`,
  },
  "bucket-unversioned": {
    severity: "problem" as const,
    seen: (p: Named) => `${p.bucket} does not keep versions: what is overwritten or removed is lost`,
    remedy: (p: Named) =>
      `aws s3api put-bucket-versioning --bucket ${p.bucket} --versioning-configuration Status=Enabled`,
  },
  "bucket-unencrypted": {
    severity: "problem" as const,
    seen: (p: Named) => `${p.bucket} does not encrypt what is written`,
    remedy: bootstrap,
  },
  "bucket-public": {
    severity: "problem" as const,
    seen: (p: Named & { open: string[] }) =>
      `${p.bucket} may be opened to the public: ${p.open.join(", ")} off`,
    remedy: (p: Named) =>
      `aws s3api put-public-access-block --bucket ${p.bucket} --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true`,
  },
  "bucket-never-forgets": {
    severity: "warning" as const,
    seen: (p: Named) => `${p.bucket} has no rule by which uploads expire that were never promoted`,
    remedy: bootstrap,
  },
  "state-on-this-machine": {
    severity: "warning" as const,
    seen: (p: { state: string }) => `the stack's state is in ${p.state}: nobody else can promote`,
    remedy: () => "name a bucket in the environment's file: state: s3://<bucket>/<folder>",
  },
};

const ofState = findingsOf("state-bucket", templates);
const ofPackages = findingsOf("packages-bucket", templates);

export const stateBucket: Check = checkOf(ofState, async (ground) => {
  const { state } = ground.environment.promotion;
  const { protocol, host } = new URL(state);
  if (protocol === "file:") return [ofState("state-on-this-machine", { state })];
  return judge(ofState, await ground.place.bucket(host), { ground, bucket: host, uploads: false });
});

export const packagesBucket: Check = checkOf(ofPackages, async (ground) => {
  const { packages } = ground.environment.promotion;
  return judge(ofPackages, await ground.place.bucket(packages), { ground, bucket: packages, uploads: true });
});

function judge(
  find: typeof ofState,
  look: BucketLook | undefined,
  about: { ground: Ground; bucket: string; uploads: boolean },
): Finding[] {
  const { environment } = about.ground;
  const named = { bucket: about.bucket, environment: environment.name };
  if (!look) return [find("bucket-missing", named)];
  const { region, settings } = look;
  if (region !== environment.region || !settings)
    return [find("bucket-elsewhere", { ...named, region, wanted: environment.region })];
  const found: Finding[] = [];
  if (!settings.versioned) found.push(find("bucket-unversioned", named));
  if (!settings.encrypted) found.push(find("bucket-unencrypted", named));
  if (settings.open.length > 0) found.push(find("bucket-public", { ...named, open: settings.open }));
  if (about.uploads && !settings.uploadsExpire) found.push(find("bucket-never-forgets", named));
  return found.length > 0 ? found : [find("bucket-fine", named)];
}
