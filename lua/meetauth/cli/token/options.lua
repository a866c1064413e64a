--- Options that several sub-commands share, in groups, so that they are spelt and explained in one way.

local core = require "meetauth.core";
local times = require "meetauth.util.times";

local options = {};

local CONFIG = "/etc/prosody/prosody.cfg.lua";

--- The token's file.
function options.token(command)
	command:argument("file", "The file with the token. The default is standard input (-). Do not write the token itself here, "
		.. "because other users can see it.", "-");
end

local function read_moment(text)
	local at = times.moment(text);
	return at, at == nil and "--now: expected seconds since 1970, or a time such as 2026-01-31T08:00Z" or nil;
end

--- The moment at which the command judges or signs; main.lua gives it to the sub-command.
function options.now(command)
	command:option("--now", "Use this time instead of the current time: 2026-01-31T08:00Z, or seconds since 1970."):argname("<time>")
		:convert(read_moment);
end

--- The name of an algorithm.
function options.algorithm(command, name, about)
	return command:option(name, about):argname("<name>"):choices(core.algorithms());
end

--- Keys in files.
function options.keys(command, verb)
	command:group("Keys in files",
		command:option("--secret-file", "The file with the shared secret. - is standard input."):argname("<file>"),
		command:option("--key-file", "The file with the key to " .. verb .. " with: PEM or JWK."):argname("<file>"),
		options.algorithm(command, "--alg", "The key's algorithm. The default for secrets is HS256."):count("*"),
		command:flag("--weak-secret", "Accept a secret that is shorter than its hash."));
end

--- The server's own entries.
function options.server(command)
	command:group("The server's own issuer entries",
		command:option("--host", "The VirtualHost whose entries are used. Needed if there are several."):argname("<host>"),
		command:option("--config", "Prosody's configuration.", CONFIG):argname("<file>"),
		command:option("--prosody", "The folder of Prosody's sources, if prosodyctl does not name it. The variable MEETAUTH_PROSODY "
			.. "also sets it.")
			:argname("<folder>"));
end

--- How the server's keys are had that stand at addresses.
function options.addresses(command)
	command:group("Key servers",
		command:flag("--offline", "Ask no key server. A token that needs one cannot be judged (exit status 3). Needs --host."),
		command:option("--jwks-file", "A JWK set to verify with. With --host, it replaces every key server.")
			:argname("<file>"));
end

--- The rules of verify and explain for a token, without a server's entries.
function options.asked(command)
	command:group("Without --host: what the token must have",
		command:option("--iss", "Accepted issuer."):argname("<text>"):count("*"),
		command:option("--aud", "Accepted audience."):argname("<text>"):count("*"),
		command:option("--typ", "Accepted typ."):argname("<text>"):count("*"),
		command:option("--require", "A claim that the token must have."):argname("<claim>"):count("*"),
		command:option("--max-age", "The longest time since the token was issued."):argname("<duration>"),
		command:option("--leeway", "How much the clocks can differ. The default is 0s, or the entry's value."):argname("<duration>"));
end

return options;
