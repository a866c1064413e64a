--- The keys by which a server verifies a token now. It has its own store of keys. Each request waits for its answer, and
-- only the keys that the token needs are fetched.

local asked = require "meetauth.cli.server.asked";
local fetch = require "meetauth.cli.server.fetch";
local files = require "meetauth.cli.io.files";
local keyaddress = require "meetauth.key.address";
local keyfiles = require "meetauth.key.files";
local keyparse = require "meetauth.key.parse";
local keystore = require "meetauth.key.store";
local shown = require "meetauth.util.shown";
local stop = require "meetauth.cli.io.stop";
local terminal = require "meetauth.cli.io.terminal";
local verifier = require "meetauth.token.verifier";

local serverkeys = {};

local nothing_kept = { get = function () end, set = function () end };

-- How an address is asked.
local function way(args, config)
	if args.offline then return function (_, done) done({ failure = "the source was not asked, because of --offline" }); end; end
	if not fetch.is_there() then
		return function (_, done) done({ failure = "the source cannot be asked "
			.. "without LuaSocket: apt install lua-socket lua-sec" }); end;
	end
	return fetch.with(config);
end

-- The keys of --jwks-file in the place of those at every address.
local function put_in_place(read, documents, path)
	local text = files.read(path);
	for _, entry in ipairs(read.entries) do
		for i, source in ipairs(entry.sources) do
			if not keyfiles.is_file(source) then
				local document, why = keyparse.set(entry, text);
				if not document then stop.usage("--jwks-file: %s is not a JWK set: %s", path, why); end
				local own = { kind = "jwks_file", at = path, label = "--jwks-file", entry = entry.id };
				entry.sources[i], documents[own] = own, document;
			end
		end
	end
end

---@class ServerKeys
---@field verify Verifier
---@field store KeyStore
---@field now number
local methods = {};
methods.__index = methods;

--- The keys of a configuration that has been read.
---@param args table      config, offline, jwks_file
---@param config ProsodyConfig
---@param host string
---@param read Site       its entries; their addresses change where there is a --jwks-file
---@param documents Documents  what their files gave
---@param read_file fun(path: string): string?, string?
---@param now number      seconds since the epoch
---@return ServerKeys
function serverkeys.new(args, config, host, read, documents, read_file, now)
	if args.jwks_file then put_in_place(read, documents, args.jwks_file); end
	local function clock() return now; end
	local self = setmetatable({ now = now }, methods);
	self.store = keystore.new(read.entries, documents, {
		now = clock, fetch = way(args, config), addresses = keyaddress.book(clock), read_file = read_file,
		store = args.offline and nothing_kept or asked.store(args, config, host), stat = function () return ""; end, uses = {},
		changed = function () if self.verify then self.verify.forget(); end end;
		tell = function (_, line) terminal.say("%s", line); end;
		note = function (source, outcome, why)
			if outcome == "failed" then terminal.say("the keys of %s at %s: %s", source.entry, shown.address(source.at), why); end
		end;
	});
	self.verify = verifier.of_entries(read.entries, read.meetauth_max_token, self.store.keys);
	return self;
end

-- Refusals that a key at an address may cure; as the server's login knows them.
local curable = { ["unknown-key"] = true, ["signature-mismatch"] = true };

--- Verify as the server does, whose login waits for the key.
---@param token string
---@return table? claims
---@return string? reason  as Verifier's, and keys-unavailable: whether the token is good cannot be told here
---@return table? entry
function methods:judge(token)
	local claims, reason, entry = self.verify(token, self.now);
	if claims or not curable[reason] then return claims, reason, entry; end
	local head, entries = self.verify:wanted(token);
	local unknown;
	if not head or not self.store:want(head, entries, function (why) unknown = why or "again"; end) then return nil, reason; end
	if unknown == "again" then return self.verify(token, self.now); end
	return nil, unknown == "keys-unavailable" and unknown or reason;
end

return serverkeys;
