/** The emulator's administrator. It exists nowhere else. */
export const ADMINISTRATOR = { accessKeyId: "test", secretAccessKey: "test" };
