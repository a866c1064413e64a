--- meetauth convert: makes a token of one dialect from a token of another, and lists the lost claims. It signs the new
-- token only if the old signature is valid. Claims alone are written for everyone.

local convert = require "meetauth.dialect.convert";
local entries = require "meetauth.cli.server.entries";
local judge = require "meetauth.cli.token.judge";
local keys = require "meetauth.cli.token.keys";
local meetauth = require "meetauth";
local minter = require "meetauth.cli.token.minter";
local options = require "meetauth.cli.token.options";
local pasted = require "meetauth.cli.token.pasted";
local refuse = require "meetauth.cli.token.verdict".refuse;
local stop = require "meetauth.cli.io.stop";
local terminal = require "meetauth.cli.io.terminal";

local command = { about = "Convert a token between Jitsi, JaaS and Daily, and list the claims that are lost." };

local dialects = { "jitsi", "jaas", "daily" };

function command.options(parser)
	options.token(parser);
	parser:option("--to", "The dialect of the new token."):choices(dialects):count(1);
	parser:option("--from", "The dialect of the given token. Not needed where an entry accepts the token."):choices(dialects);
	parser:option("--room", "The room of the new token. The default is the room of the given token."):argname("<name>");
	parser:flag("--json", "Write JSON: claims, token, losses.");
	parser:group("How to sign the new token. Without these options, only its claims are written",
		parser:option("--sign-with", "The entry whose key signs the new token. Needs --host."):argname("<id>"),
		parser:option("--sign-secret-file", "The shared secret to sign with."):argname("<file>"),
		parser:option("--sign-key-file", "The private key to sign with."):argname("<file>"),
		options.algorithm(parser, "--sign-alg", "The algorithm to sign with."));
	minter.options(parser);
	options.server(parser);
	options.keys(parser, "verify the token");
	parser:option("--jwks-file", "A JWK set to verify the token with."):argname("<file>");
end

-- The claims, their dialect, and whether somebody vouches for them.
local function read_source(args, server, now)
	local given = pasted.read(args.file);
	local token = given.token;
	pasted.tell(given);
	if keys.source(args) then
		local of = judge.of({ secret_file = args.secret_file, key_file = args.key_file, jwks_file = args.jwks_file, alg = args.alg,
			weak_secret = args.weak_secret }, now);
		local claims, reason = judge.token(of, token, nil, now);
		return claims or refuse(reason), args.from or stop.usage("--from: expected the token's dialect"), true;
	end
	if server then
		local claims, reason, entry = judge.token(judge.by(server), token, nil, now);
		return claims or refuse(reason), entry and entry.dialect, true;
	end
	local header, claims = meetauth.peek(token);
	if not header then refuse(claims); end
	return claims, args.from or stop.usage("--from: expected the token's dialect"), false;
end

local function signer_of(args, server)
	local entry = args.sign_with and entries.choose(server or stop.usage("--sign-with: expected --host as well"), args.sign_with,
		"--sign-with");
	return minter.of({
		dialect = args.to, iss = args.iss, aud = args.aud, sub = args.sub, domain_id = args.domain_id, app_id = args.app_id,
		kid = args.kid, alg = args.sign_alg and { args.sign_alg }, secret_file = args.sign_secret_file,
		key_file = args.sign_key_file,
	}, entry and server, entry);
end

local function write(args, claims, token, losses)
	if args.json then
		terminal.write(terminal.json({ claims = claims, token = token, losses = meetauth.array(losses) }), "\n");
		return;
	end
	terminal.write(token or terminal.json(claims), "\n");
	for _, loss in ipairs(losses) do terminal.say("lost: %s (%s)", loss.name, loss.why); end
end

function command.run(args, now)
	local server = args.host and entries.read(args, now);
	local mint = signer_of(args, server);
	local source, from, vouched = read_source(args, server, now);
	if mint.key and not vouched then stop.usage("expected a key to verify the token with, because only "
		.. "a verified token can be signed again"); end
	if not vouched then terminal.say("NOT VERIFIED: anybody can write such a token"); end
	if from == args.to then stop.usage("--to: the token already has this dialect"); end

	local intent, lost = convert.intent(source, from);
	if not intent then refuse(lost); end
	intent.issued = now;
	mint.whose.subject = mint.scope; -- a person who signs again has their own domain
	if args.room then intent.room, intent.pattern = args.room ~= "*" and args.room or nil, nil; end
	local claims, more = mint:claims(intent);
	if not claims then stop.usage("%s", more); end
	local losses = table.move(more, 1, #more, #lost + 1, lost);
	local token = mint.key and (mint:sign(claims));
	write(args, claims, token, losses);
end

return command;
