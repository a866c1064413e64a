--- Faults that nobody can notice, each with its reason: 'before' and 'after' are the line without the white space around
-- it. mutate.lua leaves them out, and says which rows fit no place any more.

---@type { file: string, before: string, after: string, why: string }[]
return {
};
