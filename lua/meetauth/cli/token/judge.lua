--- The judge of a token, and the judgement. The judge is the server's own entries, or keys from files with the caller's
-- options. As on the server: first verify, then the dialect, then the room.

local meetauth = require "meetauth";
local entries = require "meetauth.cli.server.entries";
local keys = require "meetauth.cli.token.keys";
local new_grant = require "meetauth.access.grant".of;
local stop = require "meetauth.cli.io.stop";
local times = require "meetauth.util.times";

local judge = {};

---@class Judge
---@field verify Verifier
---@field server Server?  which has its own way to judge

local function list(values) return values and values[1] and values or nil; end

local function seconds(args, name)
	if not args[name] then return nil; end
	return times.duration(args[name]) or stop.usage("--%s: expected a duration such as 10s or 1h", (name:gsub("_", "-")));
end

-- Options without which nothing is asked, but which a server's entries answer themselves.
local of_caller = { "iss", "aud", "typ", "require", "max_age", "leeway" };

--- Make one of a server.
---@param server Server
---@return Judge
function judge.by(server) return { verify = server.server_keys().verify, server = server }; end

--- Make one of the arguments.
---@param args table
---@param now number  seconds since the epoch
---@return Judge
function judge.of(args, now)
	args.alg = list(args.alg);
	local source = keys.source(args);
	if args.offline and source and not args.host then stop.usage("--offline: this option needs --host"); end
	if args.host or not source then
		if source and source.option ~= "--jwks-file" then
			stop.usage("--host and %s: give only one of the two options", source.option);
		end
		for _, name in ipairs(of_caller) do
			if args[name] and (type(args[name]) ~= "table" or args[name][1]) then
				stop.usage("--%s: %s", (name:gsub("_", "-")), args.host and "with --host, the entries say this"
					or "expected a key file as well: --secret-file, --key-file or --jwks-file");
			end
		end
		return judge.by(entries.read(args, now));
	end
	if args.room then stop.usage("--room: this option needs --host, which knows the rooms"); end
	local found, algorithms = keys.verifiers(args);
	return { verify = meetauth.verifier({
		keys = found, algorithms = algorithms, issuer = list(args.iss), audience = list(args.aud), typ = list(args.typ),
		require = list(args.require), max_age = seconds(args, "max_age"), leeway = seconds(args, "leeway") or 0,
	}) };
end

--- The judgement.
---@param of Judge
---@param token string
---@param room string?  its name, in any case, or [tenant]name
---@param now number
---@return table? claims
---@return string? reason     keys-unavailable: whether it is good cannot be told here
---@return table? entry       the one whose key signed, where there are entries
---@return Decision? decision where a room was asked for
function judge.token(of, token, room, now)
	if not of.server then return of.verify(token, now); end
	local claims, reason, entry = of.server.server_keys():judge(token);
	if not claims then return nil, reason; end
	local grant, refused = new_grant(claims, entry);
	if not grant then return nil, refused, entry; end
	local decision;
	if room then
		decision, refused = meetauth.policy.enter(grant, { node = of.server.node(room) }, of.server.place, now);
		if not decision then return nil, refused, entry; end
	end
	return of.verify(token, now), nil, entry, decision; -- the grant has used the claims up
end

return judge;
