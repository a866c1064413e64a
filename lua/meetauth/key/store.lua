--- All keys of a host while the server runs. It has the valid keys of each entry, lets logins wait for a key, and counts
-- the uses of each key. A login with a known key needs only its counter.

local keyentry = require "meetauth.key.entry";
local keyheld = require "meetauth.key.held";
local schema = require "meetauth.util.schema";
local shown = require "meetauth.util.shown";
local set_of = require "meetauth.util.list".set;
local keyring = require "meetauth.key.ring";

local keystore = {};

---@class KeyStoreEnv: FetchEnv
---@field read_file fun(path: string): string?, string?
---@field refuse (fun(entry: table, found: Found[]): string?)?  why the keys of a changed file cannot be valid
---@field stat fun(path: string): string?   changes when the file does; nil if it is missing
---@field changed fun()                     the keys of an entry are others than before
---@field tell fun(level: "info"|"warn"|"error", line: string)  for the operator
---@field uses table<string, { uses: integer, last_used: number? }>  by key; kept by the caller from one store to the next

---@class KeyStore
---@field keys Keys  the keys that are valid now; always one table
---@field row_of table<Key, KeySourceRow>
---@field unchecked boolean?  other keys may be too many by now
local methods = {};
methods.__index = methods;

-- The lists ---------------------------------------------------------------------------

local function same(a, b)
	if #a ~= #b then return false; end
	for i = 1, #a do
		if a[i].key ~= b[i].key then return false; end
	end
	return true;
end

-- Collect the keys of an entry again; true if they have changed.
function methods:assemble(part)
	local entry, found, before, ids = part.entry, {}, part.listed or {}, {};
	part.listed, part.closed_for = part:rows(), part:window();
	for _, row in ipairs(before) do self.row_of[row.found.key] = nil; end
	for _, row in ipairs(part.listed) do
		row.id = entry.id .. " " .. row.found.identity;
		row.record = self.env.uses[row.id] or { uses = 0 };
		self.env.uses[row.id], self.row_of[row.found.key], ids[row.id] = row.record, row, true;
		if not part.closed_for then found[#found + 1] = row.found; end
	end
	for _, row in ipairs(before) do
		if not ids[row.id] then self.env.uses[row.id] = nil; end
	end
	if same(found, self.keys[entry]) then return false; end
	self.keys[entry] = found;
	return true;
end

-- Collect some entries' keys again; tells the caller if any have changed.
function methods:renew(parts)
	local changed = false;
	for _, part in ipairs(parts) do changed = self:assemble(part) or changed; end
	if not changed then return; end
	self.unchecked = true;
	self.env.changed();
end

-- Counters that are no key's any more.
function methods:drop_uses()
	local known = {};
	for _, part in ipairs(self.parts) do
		for _, row in ipairs(part.listed) do known[row.record] = true; end
	end
	for id, record in pairs(self.env.uses) do
		if not known[record] then self.env.uses[id] = nil; end
	end
end

-- Keys of addresses and changed files that are never tried stop nothing, but are told.
function methods:check_tries()
	local found = schema.problems();
	keyring.check_tries(found, self.entries, self.keys);
	for _, problem in ipairs(found.list) do self.env.tell("warn", problem); end
end

--- The keys of a host; the keys in the store are valid immediately. Nothing is fetched before the first tick.
---@param entries table[]  Site.entries, whose files keyfiles.load has read
---@param documents Documents  what those gave
---@param env KeyStoreEnv
---@return KeyStore
function keystore.new(entries, documents, env)
	local self = setmetatable({
		env = env, entries = entries, keys = keyheld.of(entries, documents), parts = {}, closed = false, row_of = {}, first = 1,
	}, methods);
	for i, entry in ipairs(entries) do
		local part;
		part = keyentry.new(entry, entries, documents, setmetatable({ note = function (source, outcome, why, document, answers)
			env.note(source, outcome, why, document, answers);
			if outcome == "changed" or outcome == "kept" then self:renew({ part }); end
		end }, { __index = env }));
		self.parts[i] = part;
	end
	self:renew(self.parts);
	self:drop_uses();
	return self;
end

--- The work for the present time: files that have changed, addresses to ask, keys that begin or end. Call it
-- each second.
---@return boolean moved  status() says something else than before
function methods:tick()
	local moved, book, parts, crowded = {}, self.env.addresses, self.parts, nil;
	book.is_crowded = false;
	for i = 0, #parts - 1 do -- beginning with who had to wait for a look the last time
		local at = (self.first - 1 + i) % #parts + 1;
		if parts[at]:tick() then moved[#moved + 1] = parts[at]; end
		if book.is_crowded then crowded = crowded or at; end
	end
	self.first = crowded or self.first;
	self:renew(moved);
	if self.unchecked then self:check_tries(); end
	self.unchecked = false;
	return moved[1] ~= nil;
end

--- Nobody waits for a key any longer.
function methods:close()
	self.closed = true;
	for _, part in ipairs(self.parts) do part:close(); end
end

-- Logins ---------------------------------------------------------------------------

-- The rows of an entry whose key a token may mean, and those whose key it names.
local function meant_by(head, part)
	local rows, named = {}, {};
	for _, row in ipairs(part.listed) do
		local key = row.found.key;
		local kid = key:kid();
		if key:alg() == head.alg and (not head.kid or not kid or kid == head.kid) then
			rows[#rows + 1] = row;
			if head.kid and kid then named[#named + 1] = row; end
		end
	end
	return rows, named;
end

-- The sources of some entries.
local function parts_of(self, entries)
	local wanted, parts = set_of(entries), {};
	for _, part in ipairs(self.parts) do
		if wanted[part.entry] then parts[#parts + 1] = part; end
	end
	return parts;
end

-- Whether one of the entries has a key by now that the token may mean, and that was missing before.
local function has_new_key(head, parts, known)
	for _, part in ipairs(parts) do
		for _, row in ipairs((meant_by(head, part))) do
			if not known[row.found.key] then return true; end
		end
	end
	return false;
end

--- Look for the key that a token wants: what verifier's wanted() gave.
---@param head Header
---@param entries table[]
---@param done fun(reason: string?) one time, immediately or later: nil where it is worth another try, else unknown-key (or:
--   no
--   other key of a name that is known) or keys-unavailable
---@return boolean asked  false: there is no source to ask, done is not called
function methods:want(head, entries, done)
	local parts, looks, known, is_named = not self.closed and parts_of(self, entries) or {}, {}, {}, false;
	for _, part in ipairs(parts) do
		local meant, named = meant_by(head, part);
		for _, row in ipairs(meant) do known[row.found.key] = true; end
		is_named = is_named or named[1] ~= nil;
		local some = part:looks(head.kid, named);
		table.move(some, 1, #some, #looks + 1, looks);
	end
	local left, unavailable, over = #looks, false, false;
	local function looked(is_known)
		left, unavailable = left - 1, unavailable or not is_known;
		if over then return; end
		local found = has_new_key(head, parts, known);
		over = found or left == 0;
		if over then done(not found and (unavailable and not is_named and "keys-unavailable" or "unknown-key") or nil); end
	end
	for _, look in ipairs(looks) do
		if not over then look(looked); end
	end
	return looks[1] ~= nil;
end

--- Count a login by its key.
---@param key Key
---@return Source? source  where the key is from
function methods:used(key)
	local row = self.row_of[key];
	if not row then return nil; end
	local now = self.env.now();
	row.record.uses, row.record.last_used = row.record.uses + 1, now;
	if row.remote then row.remote.touched = now; end
	return row.source;
end

-- Operators ---------------------------------------------------------------------------

local function state_of(part, row)
	if row.withdrawn then return part:window() or "withdrawn"; end
	return part:window() or row.remote and row.remote.failure and "last good" or "current";
end

-- When the key's source last vouched for it.
local function confirmed(row)
	return row.remote and row.remote.confirmed or row.file and row.file.read_at;
end

-- A name for a key that the operator knows or can find; a secret's own would betray it.
local function name_of(row)
	local key = row.found.key;
	return key:kid() or (row.found.secret and row.source.label) or key:thumbprint():sub(1, 8);
end

---@class KeyRow
---@field entry string       the entry's id
---@field kid string         or the first letters of the key's thumbprint; a secret's option
---@field alg string
---@field source string      the field of the entry
---@field at string?         path or address
---@field next_look number?  seconds until the source is asked again; nil where it is not asked by time
---@field age number?        seconds since the source last vouched for it; nil if it is in the configuration
---@field uses integer       logins since the module was first loaded
---@field last_used number?  seconds since the epoch
---@field state "current"|"last good"|"withdrawn"|"not yet"|"over"  last good: the source does not answer now

--- Every key, and every address that has given none.
---@return KeyRow[]
---@return { entry: string, source: string, at: string, why: string, answers: boolean }[] failing  addresses whose last
--   look failed; answers: what they say cannot be used
function methods:status()
	local now, list, failing = self.env.now(), {}, {};
	for _, part in ipairs(self.parts) do
		for _, row in ipairs(part.listed) do
			local at = confirmed(row);
			list[#list + 1] = {
				entry = part.entry.id, kid = name_of(row), alg = row.found.key:alg(), source = row.source.kind,
				at = row.remote and shown.address(row.remote.source.at) or row.source.at, age = at and now - at,
				uses = row.record.uses, last_used = row.record.last_used, state = state_of(part, row),
				next_look = row.remote and math.max(row.remote.address.next_at - now, 0) or nil,
			};
		end
		for _, remote in ipairs(part:addresses()) do
			local source, why = remote.source, remote.failure;
			if why then table.insert(failing, {
				entry = part.entry.id, source = source.kind, at = shown.address(source.at), why = why, answers = remote.answers,
			}); end
		end
	end
	return list, failing;
end

--- The trouble with the keys of an entry now, in words for the operator; nil: none.
---@param entry table
---@return string?
function methods:trouble(entry)
	for _, part in ipairs(self.parts) do
		if part.entry == entry then return part:trouble(); end
	end
	return nil;
end

--- Read every source of an entry now.
---@param id string?  the entry's; nil: all
---@return integer count  sources that were read; 0 if the entry does not exist, or has none
function methods:refresh(id)
	local count = 0;
	for _, part in ipairs(self.parts) do
		if id == nil or part.entry.id == id then count = count + part:refresh(); end
	end
	self:renew(self.parts);
	return count;
end

return keystore;
