/** The address of a script that the build makes of its own for a worker. */
declare module "*?sharedworker&url" {
  const url: string;
  export default url;
}
