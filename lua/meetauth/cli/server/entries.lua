--- The server's own issuer entries, as mod_auth_meetauth reads them. The one place where the command has a
-- configuration read.

local escape = require "meetauth.util.bytes".escape;
local files = require "meetauth.cli.io.files";
local hostconfig = require "meetauth.config.host";
local hosts = require "meetauth.cli.server.hosts";
local smallfile = require "meetauth.util.smallfile";
local keyheld = require "meetauth.key.held";
local keysources = require "meetauth.key.sources";
local prosody = require "meetauth.cli.server.prosody";
local serverkeys = require "meetauth.cli.server.keys";
local stop = require "meetauth.cli.io.stop";
local terminal = require "meetauth.cli.io.terminal";

local entries = {};

local function same(s) return s; end

-- A room's name as its address has it: prepared; where XMPP does not take it, percent-encoded as Jitsi's client does.
local function node_of(nodeprep)
	return function (name)
		return nodeprep(name) or escape(name, "%[%]"):lower();
	end;
end

--- Where a key file is: a path that is not absolute is below the folder of the configuration.
---@param config_path string
---@param path string
---@return string
function entries.place(config_path, path)
	return path:sub(1, 1) == "/" and path or (config_path:match("^(.*/)") or "") .. path;
end

--- A reader of key files.
---@param config_path string
---@return fun(path: string): string?, string?
function entries.reader(config_path)
	return function (path)
		return smallfile.read(entries.place(config_path, path), smallfile.KEY_MAX);
	end;
end

-- The contents of the key files, with warnings about them and about entries whose keys are not valid now.
local function load_files(read, config_path, now)
	local documents, told = hostconfig.load_files(read, entries.reader(config_path));
	if not documents then return stop.usage("%s", table.concat(told, "\n")); end
	for _, entry in ipairs(read.entries) do
		local closed, line = keysources.closed(entry, now);
		if closed then table.insert(told, line); end
	end
	return documents, told;
end

---@class Server
---@field host string
---@field entries table[]
---@field keys Keys             all that are not fetched, inside and outside their dates: to sign
---@field server_keys fun(): ServerKeys  those by which it verifies now; looked for when somebody asks
---@field place Place             for policy.enter
---@field node fun(name: string): string  a room's name as its address has it

-- The name of the host that was meant: where only one exists, it can be left out.
local function host_of(args, config)
	if args.host then return args.host; end
	local host = hosts.only(config, args.config);
	terminal.say("using host %s, the only host in %s", host, args.config);
	return host;
end

local function once(make)
	local made;
	return function ()
		made = made or make();
		return made;
	end;
end

--- Read them. A fault of the configuration ends the command.
---@param args table  config, host, prosody, offline, jwks_file; without host: the only one
---@param now number  seconds since the epoch
---@return Server
function entries.read(args, now)
	if not args.host and not files.exists(args.config) then
		stop.usage("expected a key (--secret-file, --key-file, --jwks-file) or --host, because %s cannot be read", args.config);
	end
	local config = prosody.read(args.config, args.prosody);
	local host = host_of(args, config);
	local at = prosody.host_of(config, args.config, host);
	local read, problems = hostconfig.read(at.get, at.names, host);
	if not read then stop.usage("%s", table.concat(problems, "\n")); end
	local documents, about_keys = load_files(read, args.config, now);
	for _, warning in ipairs(table.move(about_keys, 1, #about_keys, #read.warnings + 1, read.warnings)) do
		terminal.say("%s", warning);
	end
	local unicode = at.stringprep or { resourceprep = same, nameprep = string.lower, nodeprep = string.lower };
	return {
		host = host, entries = read.entries, keys = keyheld.of(read.entries, documents),
		server_keys = once(function ()
			return serverkeys.new(args, config, host, read, documents, entries.reader(args.config), now);
		end),
		place = { base = host, nfkc = unicode.resourceprep, fold = unicode.nameprep }, node = node_of(unicode.nodeprep),
	};
end

--- One of them: the named one, or the only one.
---@param server Server
---@param id string?
---@param option string  that names it
---@return table entry
function entries.choose(server, id, option)
	local ids = {};
	for i, entry in ipairs(server.entries) do
		if entry.id == id or not id and not server.entries[2] then return entry; end
		ids[i] = entry.id;
	end
	return stop.usage("%s: expected one of %s", option, table.concat(ids, ", "));
end

--- A key of an entry that signs.
---@param server Server
---@param entry table
---@param alg string?  the wanted algorithm
---@return Key
function entries.signer(server, entry, alg)
	for _, one in ipairs(server.keys[entry]) do
		local key = one.key;
		if key:can_sign() and (not alg or key:alg() == alg) then return key; end
	end
	return stop.usage("the entry %s has no key that can sign%s. Give the private key (--key-file)",
		entry.id, alg and " " .. alg or "");
end

return entries;
