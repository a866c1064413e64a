// What Prosody's SQL storage tells at level debug holds places in its source, and the callers of what failed: it looks
// like a Lua error, and is none.

const told = /^(?:sql|\S+:storage_sql) +debug.*\n(?:(?!\S+ +(?:debug|info|warn|error)\t).*\n)*/gm;

export const withoutSql = (log) => log.replace(told, "");
