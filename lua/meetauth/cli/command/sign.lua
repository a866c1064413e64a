--- meetauth sign: signs one token or many, from claims or from options.

local core = require "meetauth.core";
local bulk = require "meetauth.cli.token.bulk";
local entries = require "meetauth.cli.server.entries";
local files = require "meetauth.cli.io.files";
local friendly = require "meetauth.page.friendly";
local judge = require "meetauth.cli.token.judge";
local keys = require "meetauth.cli.token.keys";
local minter = require "meetauth.cli.token.minter";
local options = require "meetauth.cli.token.options";
local stop = require "meetauth.cli.io.stop";
local terminal = require "meetauth.cli.io.terminal";

local sign = { about = "Sign one token or many tokens." };

local function field_of(row) return (row.name:gsub("-", "_")); end

function sign.options(command)
	local rows = {};
	for i, row in ipairs(friendly.list) do
		local option = row.argname and command:option("--" .. row.name, row.about):argname(row.argname)
			or command:flag("--" .. row.name, row.about);
		rows[i] = row.count and option:count(row.count) or option;
	end
	rows[#rows + 1] = command:option("--claim", "Add a claim. The value is JSON, or else a string. Dots name a member of an "
		.. "object: context.user.team=7. Can be repeated."):argname("<name=value>"):count("*");
	command:group("Content of the token", table.unpack(rows));
	command:group("How to sign",
		command:option("--dialect", "The dialect: jitsi, jaas or daily. An entry has its own dialect.")
			:choices({ "jitsi", "jaas", "daily" }),
		command:option("--claims", "Sign the claims in this JSON file unchanged. - is standard input."):argname("<file>"),
		command:option("--bulk", "Sign a token for each row of a CSV file, or for each line of claims in JSON. The header row of the "
			.. "CSV file names options, without hyphens. - is standard input."):argname("<file>"),
		command:option("--format", "The format: csv or jsonl. Needed if the file name does not end with it.")
			:choices({ "csv", "jsonl" }),
		command:flag("--stop", "Stop at the first row that cannot be signed. Needs --bulk."),
		command:option("--out", "Write to this file when everything is signed. Only its owner can read it."):argname("<file>"),
		command:option("--url", "Write a link to the room instead of the token alone."):argname("<address>"));
	minter.options(command);
	options.now(command);
	options.server(command);
	command:option("--entry", "The entry whose key signs. Needs --host, and is needed "
		.. "if the host has several entries."):argname("<id>");
	options.keys(command, "sign");
end

-- The intent of the friendly options, made again for each call: intents are used up.
local function intents_of(args, now)
	local said = {};
	for _, row in ipairs(friendly.list) do
		local value = args[field_of(row)];
		for _, text in ipairs(type(value) == "table" and value or { value }) do
			said[#said + 1] = { row, text == true and "true" or text };
			if text == "" then stop.usage("--%s: expected a value that is not empty", row.name); end
		end
	end
	local function new()
		local intent = friendly.new(now);
		for _, one in ipairs(said) do
			local problem = friendly.put(intent, one[1], one[2], now);
			if problem then stop.usage("--%s", problem); end
		end
		return intent;
	end
	return new, said[1] ~= nil;
end

local function read_claims(path)
	local claims, reason = core.decode(files.read(path, "the claims"));
	if type(claims) ~= "table" or getmetatable(claims) == core.array_mt then
		stop.usage("%s: %s", path, reason or "expected an object of claims");
	end
	if claims.exp == nil then terminal.say("no exp: this token never expires"); end
	return claims;
end

local function mint_claims(mint, intent)
	local problem = friendly.finish(intent);
	if problem then stop.usage("--%s", problem); end
	local claims, losses = mint:claims(intent);
	if not claims then stop.usage("%s", losses); end
	if losses[1] then stop.usage("%s: %s", losses[1].name, losses[1].why); end
	return claims;
end

local function one(args, mint, new_intent, server, now)
	local claims = args.claims and read_claims(args.claims) or mint_claims(mint, new_intent());
	local token, reason = mint:sign(claims);
	if not token then stop.usage("%s", reason); end
	local text = token;
	if args.url then
		local link, problem = mint:link(args.url, token, claims, args.tenant);
		text = link or stop.usage("--url: %s", problem);
	end
	local path = files.path(args.out);
	local output <close> = path and files.create(path) or files.stdout();
	output:write(text, "\n");
	output:keep();
	if not server then return; end
	local _, refused = judge.token(judge.by(server), token, nil, now);
	if refused then terminal.say("the server would refuse this token: %s", refused); end
end

function sign.run(args, now)
	local new_intent, is_friendly = intents_of(args, now);
	if args.claims and (args.bulk or is_friendly or args.claim[1]) then stop.usage("--claims: the file "
		.. "has all claims. Remove the other options"); end
	if (args.format or args.stop) and not args.bulk then stop.usage("--format and --stop: these options need --bulk"); end
	local server = (args.host or args.entry or not keys.source(args)) and entries.read(args, now);
	local entry = server and entries.choose(server, args.entry, "--entry");
	local mint = minter.of(args, server, entry);
	if args.bulk then
		bulk.run(args, mint, new_intent, now);
	else
		one(args, mint, new_intent, server, now);
	end
end

return sign;
