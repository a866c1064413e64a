--- The keys of one issuer entry while the server runs: its sources, what they give, and whether it counts now.

local keyparse = require "meetauth.key.parse";
local keyfiles = require "meetauth.key.files";
local keysources = require "meetauth.key.sources";

local keyentry = {};

local function keyremote() return require "meetauth.key.remote"; end

-- The code that asks an address, by the kind of source, and the list for its objects. It is loaded with the first such source.
local askers = {
	jwks_url = { list = "remotes", load = keyremote };
	cache_keys_url = { list = "remotes", load = keyremote };
	asap_url = { list = "servers", load = function () return require "meetauth.key.asap"; end };
	oidc_url = { list = "servers", load = function () return require "meetauth.key.oidc"; end };
};

---@class KeySourceRow      one key, and where it is from
---@field found Found
---@field source Source
---@field file table?       or
---@field remote Remote?    or neither, if it is in the configuration
---@field withdrawn number? when its source took it back

---@class EntryKeys
---@field entry table
---@field closed_for "not yet"|"over"|nil  the entry's window, as of the last check
---@field listed KeySourceRow[]  store.lua's: the rows as of the last time the lists were put together
local methods = {};
methods.__index = methods;

--- The sources of an entry; 'stamp' of a file is taken now, so a change from now on is seen.
---@param entry table       of Site.entries, whose files keyfiles.load has read
---@param entries table[]   all of them
---@param documents Documents  what their files gave; kept up to date from now on
---@param env KeyStoreEnv
---@return EntryKeys
function keyentry.new(entry, entries, documents, env)
	local self = setmetatable({
		entry = entry, entries = entries, documents = documents, env = env, files = {}, remotes = {}, servers = {},
	}, methods);
	for _, source in ipairs(entry.sources) do
		local function read(text, kid) return keyparse.read(source, entry, text, kid); end
		if keyfiles.is_file(source) then
			table.insert(self.files, { source = source, read_at = env.now(), stamp = env.stat(source.at) });
		else
			local asker = askers[source.kind];
			table.insert(self[asker.list], asker.load().new(source, entry, read, env));
		end
	end
	return self;
end

--- Every address that has been asked, or will be.
---@return Remote[]
function methods:addresses()
	local list = table.move(self.remotes, 1, #self.remotes, 1, {});
	for _, server in ipairs(self.servers) do
		for _, remote in pairs(server.remotes) do list[#list + 1] = remote; end
	end
	return list;
end

-- Every key that there is, in the order of the sources.
function methods:all_rows()
	local rows = {};
	for _, found in ipairs(self.entry.inline) do rows[#rows + 1] = { found = found, source = found.source }; end
	for _, file in ipairs(self.files) do
		for _, found in ipairs(self.documents[file.source].found) do
			rows[#rows + 1] = { found = found, source = file.source, file = file };
		end
	end
	for _, remote in ipairs(self:addresses()) do
		for _, item in ipairs(remote.held) do
			rows[#rows + 1] = { found = item.found, source = remote.source, remote = remote, withdrawn = item.withdrawn };
		end
	end
	return rows;
end

--- The keys in the order in which they are tried: one from two sources once, withdrawn ones last.
---@return KeySourceRow[]
function methods:rows()
	local current, withdrawn, seen = {}, {}, {};
	for _, row in ipairs(self:all_rows()) do
		if not seen[row.found.identity] then
			seen[row.found.identity] = true;
			table.insert(row.withdrawn and withdrawn or current, row);
		end
	end
	return table.move(withdrawn, 1, #withdrawn, #current + 1, current);
end

--- Why the entry's keys are not valid now; nil: they are.
---@return "not yet"|"over"|nil
function methods:window()
	return (keysources.closed(self.entry, self.env.now()));
end

--- The trouble with the entry's keys now, in words for the operator; nil: none.
---@return string?
function methods:trouble()
	local id, now = self.entry.id, self.env.now();
	local closed, line = keysources.closed(self.entry, now);
	if closed then return line; end
	local confirmed; -- when an address last vouched for keys
	for _, remote in ipairs(self:addresses()) do
		if remote.held[1] and remote.confirmed then confirmed = math.max(confirmed or 0, remote.confirmed); end
	end
	for _, remote in ipairs(self:addresses()) do
		if remote.failure then
			local came = confirmed and ("keys of the entry %s were last fetched %d s ago"):format(id, (now - confirmed) // 1)
				or ("the entry %s has got no keys yet"):format(id);
			return ("%s: its source does not answer (%s)"):format(came, remote.failure);
		end
	end
	return nil;
end

-- Each problem is told once, until the file is good again. True where the file may hold other keys now.
function methods:tick_file(file)
	local env = self.env;
	local stamp = env.stat(file.source.at);
	if stamp == file.stamp then return false; end
	file.stamp = stamp;
	local document, problem = keyfiles.again(self.entries, self.documents, self.entry, file.source, env);
	if problem and problem ~= file.problem then env.tell("error", problem); end
	file.problem = problem;
	if not document then return false; end
	file.read_at = env.now();
	for _, line in ipairs(keyfiles.warnings(file.source, document)) do env.tell("warn", line); end
	return true;
end

--- The work for the present time: files that have changed, addresses to ask, keys that begin or end.
---@return boolean moved  other keys may count now
function methods:tick()
	local window = self:window();
	local moved = window ~= self.closed_for;
	self.closed_for = window;
	for _, file in ipairs(self.files) do moved = self:tick_file(file) or moved; end
	for _, remote in ipairs(self.remotes) do moved = remote:tick() or moved; end
	for _, server in ipairs(self.servers) do moved = server:tick() or moved; end
	return moved;
end

local function has_any(remotes, from)
	for _, remote in pairs(remotes) do
		if from[remote] then return true; end
	end
	return false;
end

--- The looks that may bring a key of that name. Where there is one, they are made at those addresses only that have given
-- it: a source may put another key under an old name.
---@param kid string?
---@param named KeySourceRow[]  the entry's keys of that name
---@return (fun(done: fun(known: boolean)))[]
function methods:looks(kid, named)
	local looks, from = {}, {};
	if self:window() then return looks; end
	for _, row in ipairs(named) do
		if row.remote then from[row.remote] = true; end
	end
	for _, remote in ipairs(self.remotes) do
		if not named[1] or from[remote] then looks[#looks + 1] = function (done) remote:ask(done); end; end
	end
	for _, server in ipairs(self.servers) do
		if (kid or not server.needs_kid) and (not named[1] or has_any(server.remotes, from)) then
			looks[#looks + 1] = function (done) server:ask(kid, done); end;
		end
	end
	return looks;
end

local function nobody() end

--- Read every source now.
---@return integer count
function methods:refresh()
	local addresses = self:addresses();
	for _, file in ipairs(self.files) do
		file.stamp = false;
		self:tick_file(file);
	end
	for _, remote in ipairs(addresses) do remote:ask(nobody, true); end
	return #self.files + #addresses;
end

function methods:close()
	for _, remote in ipairs(self.remotes) do remote:close(); end
	for _, server in ipairs(self.servers) do server:close(); end
end

return keyentry;
