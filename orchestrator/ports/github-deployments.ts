export const DEPLOYMENT_STATES = ["in_progress", "success", "failure", "error", "inactive"] as const;
/** How far a deployment got. GitHub itself makes a success `inactive` when a later one takes its place. */
export type DeploymentState = (typeof DEPLOYMENT_STATES)[number];

export type Deployment = {
  id: number;
  sha: string;
  environment: string;
  /** Whose promotion it records; null for one that something else recorded. */
  promotionId: string | null;
  /** The last that was said of it; null when nothing was. */
  state: string | null;
};

export type DeploymentOrder = { sha: string; environment: string; description: string; promotionId: string };
/** `url` is where to read more. */
export type DeploymentNews = { state: DeploymentState; description: string; url: string };

/** GitHub's record of what was deployed where. */
export type Deployments = {
  /** The deployments of an environment, newest first, as many as fit on a page. */
  deploymentsOf(environment: string): Promise<Deployment[]>;
  /** Records one, and gives its id. */
  recordDeployment(order: DeploymentOrder): Promise<number>;
  recordDeploymentState(id: number, news: DeploymentNews): Promise<void>;
};
