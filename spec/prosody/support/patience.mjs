// How long is waited, at most. A wait lasts until what it is for has happened: its end is for a spec that fails, and far
// away, because the machine may be busy with other things.

export const PATIENCE = 120000; // ms for one thing to happen
export const TEST = 600000; // ms for a test, of which all in it is a part
export const FILE = 840000; // ms for a file of tests; whoever runs it (spec/support/testfiles.mjs) ends it soon after
