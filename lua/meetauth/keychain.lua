--- All keys of a host's entries while the server runs: what each source gives, which of it counts now, and
-- how much each key is used. Puts the lists together that entry.keys is; never on the way of a login whose
-- key is there, but for its counter.

local keydocument = require "meetauth.keydocument";
local keyfetch = require "meetauth.keyfetch";
local keyfiles = require "meetauth.keyfiles";
local keyserver = require "meetauth.keyserver";

local keychain = {};

---@class KeychainEnv: FetchEnv
---@field read_file fun(path: string): string?, string?
---@field stat fun(path: string): string?   changes when the file does; nil where it is not there
---@field changed fun()                     the keys of an entry are others than before
---@field tell fun(level: "info"|"warn"|"error", line: string)  for the operator
---@field uses table<string, { uses: integer, last_used: number? }>  by key; kept by the caller from one chain to the next

---@class Keychain
local chain = {};
chain.__index = chain;

-- Files -------------------------------------------------------------------------

-- 'stamp' is taken before the file is read: a change in between is seen the next time.
function chain:watch_file(part, source)
	local file = { source = source, read_at = self.env.now(), stamp = self.env.stat(source.at) };
	table.insert(part.files, file);
end

-- Each problem is told once, until the file is good again. True where the file may hold other keys now.
function chain:tick_file(part, file)
	local env = self.env;
	local stamp = env.stat(file.source.at);
	if stamp == file.stamp then return false; end
	file.stamp = stamp;
	local document, problem = keyfiles.again(self.entries, part.entry, file.source, env.read_file);
	if problem and problem ~= file.problem then env.tell("error", problem); end
	file.problem = problem;
	if not document then return false; end
	file.read_at = env.now();
	for _, line in ipairs(keyfiles.warnings(file.source, document)) do env.tell("warn", line); end
	return true;
end

-- What counts -------------------------------------------------------------------

local function each_remote(part, each)
	for _, remote in ipairs(part.remotes) do each(remote); end
	for _, server in ipairs(part.servers) do
		for _, remote in pairs(server.remotes) do each(remote); end
	end
end

-- Calls each(row) for every key that there is, in the order in which they are tried.
local function each_key(part, each)
	for _, found in ipairs(part.entry.inline) do each({ found = found, source = found.source }); end
	for _, file in ipairs(part.files) do
		for _, found in ipairs(file.source.document.found) do each({ found = found, source = file.source, file = file }); end
	end
	each_remote(part, function (remote)
		for _, item in ipairs(remote.held) do
			each({ found = item.found, source = remote.source, remote = remote, withdrawn = item.withdrawn });
		end
	end);
end

local function window(entry, now)
	if entry.not_before and now < entry.not_before then return "not yet"; end
	if entry.not_after and now >= entry.not_after then return "over"; end
	return nil;
end

-- When the key's source last vouched for it.
local function confirmed(row)
	return row.remote and row.remote.confirmed or row.file and row.file.read_at;
end

-- The rows of an entry, a key from two sources once, withdrawn ones last.
local function rows_of(part)
	local current, withdrawn, seen = {}, {}, {};
	each_key(part, function (row)
		if seen[row.found.identity] then return; end
		seen[row.found.identity] = true;
		table.insert(row.withdrawn and withdrawn or current, row);
	end);
	return table.move(withdrawn, 1, #withdrawn, #current + 1, current);
end

local function same(a, b)
	if #a ~= #b then return false; end
	for i = 1, #a do
		if a[i] ~= b[i] then return false; end
	end
	return true;
end

-- Put the keys of an entry together anew; true where they are others than before.
function chain:assemble(part)
	local entry, keys = part.entry, {};
	part.rows, part.window = rows_of(part), window(entry, self.env.now());
	for _, row in ipairs(part.rows) do
		local id = entry.id .. " " .. row.found.identity;
		row.record = self.env.uses[id] or { uses = 0 };
		self.env.uses[id] = row.record;
		if not part.window then keys[#keys + 1] = row.found.key; end
	end
	if same(keys, entry.keys) then return false; end
	entry.keys = keys;
	return true;
end

-- The counters of keys that are no more, and which row a key belongs to.
function chain:index()
	self.row_of = setmetatable({}, { __mode = "k" });
	local known = {};
	for _, part in ipairs(self.parts) do
		for _, row in ipairs(part.rows) do
			self.row_of[row.found.key] = row;
			known[row.record] = true;
		end
	end
	for id, record in pairs(self.env.uses) do
		if not known[record] then self.env.uses[id] = nil; end
	end
end

--- Put everything together anew; tells the caller where keys are others than before.
function chain:refresh_lists()
	local changed = false;
	for _, part in ipairs(self.parts) do changed = self:assemble(part) or changed; end
	self:index();
	if changed then self.env.changed(); end
end

-- Making one ---------------------------------------------------------------------

local function new_part(self, entry)
	local part = { entry = entry, files = {}, remotes = {}, servers = {}, rows = {} };
	for _, source in ipairs(entry.sources) do
		source.entry = entry.id;
		local function read(text, kid) return keydocument.readers[source.kind](entry, text, kid); end
		if keyfiles.is_file(source) then
			self:watch_file(part, source);
		elseif source.kind == "asap_url" then
			table.insert(part.servers, keyserver.new(source, entry, read, self.fetch_env));
		else
			table.insert(part.remotes, keyfetch.new(source, entry, read, self.fetch_env));
		end
	end
	return part;
end

--- The keys of a host; what the store has kept counts at once. Nothing is fetched before the first tick.
---@param entries table[]  Config.entries, whose files keyfiles.load has read
---@param env KeychainEnv
---@return Keychain
function keychain.new(entries, env)
	local self = setmetatable({ entries = entries, env = env, parts = {}, closed = false }, chain);
	self.fetch_env = {
		fetch = env.fetch, now = env.now, store = env.store,
		note = function (source, outcome, why, document)
			env.note(source, outcome, why, document);
			if outcome == "changed" or outcome == "kept" then self:refresh_lists(); end
		end,
	};
	for i, entry in ipairs(entries) do self.parts[i] = new_part(self, entry); end
	self:refresh_lists();
	return self;
end

--- What the time asks for: files that have changed, addresses that are due, keys that begin or end. Call it
-- each second.
function chain:tick()
	local moved = false;
	for _, part in ipairs(self.parts) do
		moved = moved or part.window ~= window(part.entry, self.env.now());
		for _, file in ipairs(part.files) do moved = self:tick_file(part, file) or moved; end
		for _, remote in ipairs(part.remotes) do moved = remote:tick() or moved; end
		for _, server in ipairs(part.servers) do moved = server:tick() or moved; end
	end
	if moved then self:refresh_lists(); end
end

--- Nobody waits for a key any longer.
function chain:close()
	self.closed = true;
	for _, part in ipairs(self.parts) do
		for _, remote in ipairs(part.remotes) do remote:close(); end
		for _, server in ipairs(part.servers) do server:close(); end
	end
end

-- Logins ---------------------------------------------------------------------------

-- The looks that may bring a key for the token: functions that take done.
local function looks_for(self, head, entries)
	local wanted, looks = {}, {};
	for _, entry in ipairs(entries) do wanted[entry] = not window(entry, self.env.now()); end
	for _, part in ipairs(self.parts) do
		if wanted[part.entry] then
			for _, remote in ipairs(part.remotes) do
				looks[#looks + 1] = function (done) remote:ask(done); end;
			end
			for _, server in ipairs(head.kid and part.servers or {}) do
				looks[#looks + 1] = function (done) server:ask(head.kid, done); end;
			end
		end
	end
	return looks;
end

-- Whether one of the entries has the key that the token names by now.
local function has_key(head, entries)
	for _, entry in ipairs(head.kid and entries or {}) do
		for _, key in ipairs(entry.keys) do
			if key:kid() == head.kid and key:alg() == head.alg then return true; end
		end
	end
	return false;
end

--- Look for the key that a token wants: what verifier's wanted() gave.
---@param head Header
---@param entries table[]
---@param done fun(reason: string?)  once, at once or later: nil where it is worth another try, else unknown-key or
--   keys-unavailable
---@return boolean asked  false: there is no source to ask, done is not called
function chain:want(head, entries, done)
	local looks = not self.closed and looks_for(self, head, entries) or {};
	local left, unavailable, over = #looks, false, false;
	for _, look in ipairs(looks) do
		look(function (known)
			left, unavailable = left - 1, unavailable or not known;
			if over then return; end
			local found = has_key(head, entries);
			over = found or left == 0;
			if over then done(not found and (unavailable and "keys-unavailable" or "unknown-key") or nil); end
		end);
	end
	return looks[1] ~= nil;
end

--- Count a login by its key.
---@param key Key
---@return Source? source  where the key is from
function chain:used(key)
	local row = self.row_of[key];
	if not row then return nil; end
	local now = self.env.now();
	row.record.uses, row.record.last_used = row.record.uses + 1, now;
	if row.remote then row.remote.touched = now; end
	return row.source;
end

-- Operators ---------------------------------------------------------------------------

local function state_of(entry, row, now)
	return window(entry, now) or row.withdrawn and "withdrawn" or row.remote and row.remote.failure and "last good" or "current";
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
---@field age number?        seconds since the source last vouched for it; nil where it stands in the configuration
---@field uses integer       logins since the module was first loaded
---@field last_used number?  seconds since the epoch
---@field state "current"|"last good"|"withdrawn"|"not yet"|"over"  last good: the source does not answer now

--- Every key, and every address that has given none.
---@return KeyRow[]
---@return { entry: string, source: string, at: string, why: string }[] failing  addresses whose last look failed
function chain:status()
	local now, list, failing = self.env.now(), {}, {};
	for _, part in ipairs(self.parts) do
		for _, row in ipairs(part.rows) do
			local at = confirmed(row);
			list[#list + 1] = {
				entry = part.entry.id, kid = name_of(row), alg = row.found.key:alg(), source = row.source.kind,
				at = row.remote and row.remote.source.at or row.source.at, age = at and now - at,
				uses = row.record.uses, last_used = row.record.last_used, state = state_of(part.entry, row, now),
			};
		end
		each_remote(part, function (remote)
			if remote.failure then
				table.insert(failing, { entry = part.entry.id, source = remote.source.kind, at = remote.source.at, why = remote.failure });
			end
		end);
	end
	return list, failing;
end

--- Look at every source of an entry now.
---@param id string?  the entry's; nil: all
---@return integer count  sources looked at; 0 where there is no such entry, or it has none
function chain:refresh(id)
	local looks = {};
	for _, part in ipairs(self.parts) do
		if id == nil or part.entry.id == id then
			for _, file in ipairs(part.files) do
				looks[#looks + 1] = function () file.stamp = false; self:tick_file(part, file); end;
			end
			each_remote(part, function (remote)
				looks[#looks + 1] = function () remote:ask(function () end, true); end;
			end);
		end
	end
	for _, look in ipairs(looks) do look(); end
	self:refresh_lists();
	return #looks;
end

return keychain;
