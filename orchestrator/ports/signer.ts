/** Signs with the environment's own key (ECDSA P-256 over SHA-256); the key never leaves where it lives. */
export interface Signer {
  readonly keyId: string;
  /** The DER signature of the bytes. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}
