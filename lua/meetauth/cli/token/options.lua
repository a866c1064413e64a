--- Options that several sub-commands share, in groups, so that they are spelt and explained in one way.

local core = require "meetauth.core";
local times = require "meetauth.util.times";

local options = {};

local CONFIG = "/etc/prosody/prosody.cfg.lua";

--- The token's file.
function options.token(command)
	command:argument("file", "The token's file; without one, or -: standard input. A token itself is no argument: "
		.. "others can see it.", "-");
end

local function read_moment(text)
	local at = times.moment(text);
	return at, at == nil and "--now: expected seconds since 1970, or such as 2026-01-31T08:00Z" or nil;
end

--- The moment at which the command judges or signs; main.lua gives it to the sub-command.
function options.now(command)
	command:option("--now", "Do as if it were this time: 2026-01-31T08:00Z, or seconds since 1970."):argname("<time>")
		:convert(read_moment);
end

--- The name of an algorithm.
function options.algorithm(command, name, about)
	return command:option(name, about):argname("<name>"):choices(core.algorithms());
end

--- Keys in files.
function options.keys(command, verb)
	command:group("Keys in files",
		command:option("--secret-file", "The shared secret; - is standard input."):argname("<file>"),
		command:option("--key-file", "The key to " .. verb .. " with: PEM or JWK."):argname("<file>"),
		options.algorithm(command, "--alg", "Its algorithm; HS256 for secrets."):count("*"),
		command:flag("--weak-secret", "Take a secret that is shorter than its hash."));
end

--- The server's own entries.
function options.server(command)
	command:group("The server's own issuer entries",
		command:option("--host", "The VirtualHost whose entries count; needed where there are several."):argname("<host>"),
		command:option("--config", "Prosody's configuration.", CONFIG):argname("<file>"),
		command:option("--prosody", "Where Prosody's sources are, if not where prosodyctl says (also: MEETAUTH_PROSODY).")
			:argname("<folder>"));
end

--- How the server's keys are had that stand at addresses.
function options.addresses(command)
	command:group("The server's keys at addresses",
		command:flag("--offline", "With --host: ask no address; a token that needs one cannot be judged (status 3)."),
		command:option("--jwks-file", "A set of keys (JWK set) to verify with; with --host, in the place of every address.")
			:argname("<file>"));
end

--- What verify and explain ask of a token, without a server's entries.
function options.asked(command)
	command:group("Without --host: what is asked of the token",
		command:option("--iss", "Accepted issuer."):argname("<text>"):count("*"),
		command:option("--aud", "Accepted audience."):argname("<text>"):count("*"),
		command:option("--typ", "Accepted typ."):argname("<text>"):count("*"),
		command:option("--require", "A claim that must be there."):argname("<claim>"):count("*"),
		command:option("--max-age", "The longest time since it was issued."):argname("<duration>"),
		command:option("--leeway", "How far clocks may differ; 0s, or the entry's."):argname("<duration>"));
end

return options;
