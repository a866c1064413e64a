-- keys: the host's key sources in use: files, a store, a timer, logins that wait for a key, and the state that operators
-- see. meetauth/key/store.lua decides which keys are valid, and when a source is asked.

local async = require "util.async";
local lfs = require "lfs";
local resolve_path = require "util.paths".resolve_relative_path;
local add_task = require "util.timer".add_task;
local stop_task = require "util.timer".stop;
local time_now = require "util.time".now;

local hostconfig = require "meetauth.config.host";
local smallfile = require "meetauth.util.smallfile";
local keyaddress = require "meetauth.key.address";
local keystore = require "meetauth.key.store";
local verifier = require "meetauth.token.verifier";
local left_out = require "meetauth.key.parse".left_out;
local sha256 = require "meetauth.key.url".sha256;
local shown = require "meetauth.util.shown";

local fetch = module:require "fetch";

local keys = {};

local LOGIN_WAIT = 5; -- seconds that a login waits for a key

-- Files -----------------------------------------------------------------------------

local function full_path(path)
	return resolve_path(prosody.paths.config or ".", path);
end

--- The bytes of a file; a path that is not absolute is below the folder of Prosody's configuration.
---@param path string
---@return string? bytes
---@return string? why
function keys.read_file(path)
	local mode = lfs.attributes(full_path(path), "mode");
	if mode and mode ~= "file" then return nil, "not a file"; end
	if not mode then return nil, "not there"; end
	return smallfile.read(full_path(path), smallfile.KEY_MAX);
end

-- Times are whole seconds: a file that was written just now may be written again in the same one.
local function stat(path)
	local found = lfs.attributes(full_path(path));
	if not found then return nil; end
	local settled = time_now() - found.modification >= 2;
	return ("%d %d %d %s"):format(found.modification, found.size, found.ino, settled);
end

-- Store -------------------------------------------------------------------------------

-- The last good answers, one item for each address. Without a store they are only in memory.
local function open_store()
	local store = module:open_store("meetauth_keys");
	local function with_store(method, name, record)
		if not store or not name then return nil; end
		local ok, result, why = pcall(store[method], store, name, record);
		if not ok or (why and method == "set") then
			local problem = tostring(ok and why or result):gsub("^%S+:%d+: ", ""); -- without the place that raised it
			module:log("warn", "Keys are not stored for the next start: %s", problem);
		end
		return ok and result or nil;
	end
	return {
		get = function (at) return with_store("get", sha256(at)); end;
		set = function (at, record) with_store("set", sha256(at), record); end;
		named = function (name) return with_store("get", name); end;
	};
end

local kept = open_store();

--- The stored data of a key address.
---@param name string  its SHA-256, in hexadecimal digits
---@return table? record  text and confirmed (seconds since the epoch), and what else there is
function keys.kept(name) return kept.named(name); end

-- For operators ----------------------------------------------------------------------

local refreshes = module:metric("counter", "key_refreshes", "", "requests to key sources", { "entry", "outcome" });
local key_uses = module:metric("counter", "key_uses", "",
	"logins by the source of the key that verified the token", { "entry", "source" });
local uses_of = setmetatable({}, { __mode = "k" }); -- by source: looked up once, because every login counts
local key_age = module:metric("gauge", "key_age", "seconds",
	"time since the key source last confirmed its keys", { "entry", "source" });

local levels = { changed = "info", unchanged = "debug", failed = "warn" };

local function tell_refresh(source, outcome, why, document, answers)
	if outcome == "kept" then return; end
	refreshes:with_labels(source.entry, outcome):add(1);
	local at = shown.address(source.at);
	local what = outcome;
	if outcome == "failed" then what = answers and "its answer cannot be used" or "it does not answer"; end
	module:log(levels[outcome], "Keys of %s from %s: %s%s", source.entry, at, what, why and " (" .. why .. ")" or "");
	for _, one in ipairs(document and document.skipped or {}) do
		local is_grave = not document.found[1] or one.reason == "not-public"; -- a person who publishes a private key should know
		module:log(is_grave and "warn" or "info", "Keys of %s from %s: %s", source.entry, at, left_out(one));
	end
end

-- The entries of failing addresses, and whether logins still have keys of theirs.
local function told_of(failing, with_keys, answers, what)
	local entries, named = {}, {};
	for _, one in ipairs(failing) do
		if one.answers == answers and not named[one.entry] then
			named[one.entry] = true;
			entries[#entries + 1] = ("%s (%s)"):format(one.entry, with_keys[one.entry] and "using the last good keys" or "no keys");
		end
	end
	return entries[1] and ("%s: %s"):format(what, table.concat(entries, ", ")) or nil;
end

-- One line on the module: which key servers do not answer, and which answers are no key documents.
local function set_status(store)
	local rows, failing = store:status();
	local with_keys, parts = {}, {};
	for _, row in ipairs(rows) do
		if row.state == "last good" or row.state == "current" then with_keys[row.entry] = true; end
	end
	parts[1] = told_of(failing, with_keys, false, "a key server cannot be reached");
	parts[#parts + 1] = told_of(failing, with_keys, true, "the answer of a key server cannot be used");
	if parts[1] then
		module:set_status("warn", table.concat(parts, "; "));
	elseif module:get_status() == "warn" then
		module:set_status("info", "key servers answer");
	end
end

-- Logins ------------------------------------------------------------------------------

---@class Keys
---@field store KeyStore
---@field timer table
local methods = {};
methods.__index = methods;

--- Wait for the key that a refused token may be waiting for; only this session waits.
---@param verify Verifier  that refused it
---@param token string
---@return boolean again   true: worth another try
---@return string? reason  unknown-key (the source has no such key), keys-unavailable; nil: no source to ask
function methods:wait_for(verify, token)
	local head, entries = verify:wanted(token);
	if not head then return false, nil; end
	local over, reason, timer = false, nil, nil;
	local wait, wake = nil, function () end;
	if async.ready() then wait, wake = async.waiter(1, true); end
	local function finish(why)
		if over then return; end
		over, reason = true, why;
		if timer then stop_task(timer); end
		wake();
	end
	if not self.store:want(head, entries, finish) then return false, nil; end
	if not over then
		if not wait then return false, "keys-unavailable"; end -- called from where nothing can wait
		timer = add_task(LOGIN_WAIT, function () finish("keys-unavailable"); end);
		wait();
	end
	return reason == nil, reason;
end

--- The trouble with the keys of an entry now, in words for the operator; nil: none.
function methods:trouble(entry)
	return self.store:trouble(entry);
end

--- Count a login by its key.
function methods:used(key, entry)
	local source = self.store:used(key);
	if not source then return; end
	if not uses_of[source] then uses_of[source] = key_uses:with_labels(entry.id, source.kind); end
	uses_of[source]:add(1);
end

-- An entry without keys has none that grow old: a gauge keeps its last value.
function methods:forget_ages()
	for metric in pairs(self.with_age) do metric:set(0); end
end

function methods:close()
	self.timer:stop();
	self.store:close();
	self:forget_ages();
end

--- For the metrics: the oldest of each source.
function methods:measure()
	local ages = {};
	self:forget_ages();
	for _, row in ipairs(self.store:status()) do
		local of_entry = ages[row.entry] or {};
		ages[row.entry] = of_entry;
		if row.age then of_entry[row.source] = math.max(of_entry[row.source] or 0, row.age); end
	end
	for entry, sources in pairs(ages) do
		for source, age in pairs(sources) do
			local metric = key_age:with_labels(entry, source);
			self.with_age[metric] = true;
			metric:set(age);
		end
	end
end

-- The addresses of all hosts of this server: two with one address fetch it once.
local function addresses()
	local shared = module:shared("/*/meetauth/addresses");
	shared.book = shared.book or keyaddress.book(time_now);
	return shared.book;
end

--- The keys of a configuration, from now until close(), and the verifier that has them.
---@param site Site         whose files are loaded
---@param uses table        counters, kept from one configuration to the next
---@return Keys
function keys.new(site, uses)
	local self = setmetatable({ with_age = {} }, methods);
	local told = true; -- the status says how it is
	local store = keystore.new(site.entries, site.documents, {
		fetch = fetch.get, now = time_now, store = kept, addresses = addresses(), read_file = keys.read_file, stat = stat,
		uses = uses,
		refuse = function (entry, found) return hostconfig.refuse_keys(site, entry, found); end;
		changed = function () if site.verify then site.verify.forget(); end end;
		tell = function (level, line) module:log(level, "%s", line); end;
		note = function (source, outcome, why, document, answers)
			tell_refresh(source, outcome, why, document, answers);
			told = false;
		end;
	});
	site.verify = verifier.of_entries(site.entries, site.meetauth_max_token, store.keys);
	self.store = store;
	self.timer = module:add_timer(0, function ()
		if store:tick() or not told then set_status(store); end
		told = true;
		return 1;
	end);
	return self;
end

--- No request is under way any more, for any configuration.
keys.stop_requests = fetch.stop;

return keys;
