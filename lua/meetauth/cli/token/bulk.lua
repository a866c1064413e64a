--- Many tokens from one file: a row of a CSV file is what friendly options say, a line of JSON is a token's claims.
-- One record in memory at a time; what cannot be signed is told by its number.

local core = require "meetauth.core";
local csv = require "meetauth.cli.io.csv";
local files = require "meetauth.cli.io.files";
local friendly = require "meetauth.page.friendly";
local lines = require "meetauth.cli.io.lines";
local progress = require "meetauth.cli.io.progress";
local stop = require "meetauth.cli.io.stop";
local terminal = require "meetauth.cli.io.terminal";

local bulk = {};

-- The columns of a header row, as rows of friendly.list.
local function columns_of(fields, problem)
	if not fields or problem then stop.usage("row 1: %s", problem or "expected the names of columns"); end
	local columns, seen = {}, {};
	for i, name in ipairs(fields) do
		columns[i] = friendly.by_name[name];
		if not columns[i] then stop.usage("row 1: no column is called %q", name); end
		if seen[name] then stop.usage("row 1: the column %q appears twice", name); end
		seen[name] = true;
	end
	return columns;
end

-- The intents of a CSV file's rows, each with what the options say for all of them.
local function of_csv(next_line, defaults, now)
	local next_record = csv.records(next_line);
	local columns = columns_of(next_record());
	local number = 1;
	return function ()
		local fields, problem = next_record();
		if not fields then return nil; end
		number = number + 1;
		if problem then return number, nil, problem; end
		if #fields ~= #columns then return number, nil, ("expected %d fields, found %d"):format(#columns, #fields); end
		local intent = defaults();
		for i, column in ipairs(columns) do
			problem = fields[i] ~= "" and friendly.put(intent, column, fields[i], now);
			if problem then return number, nil, problem; end
		end
		return number, intent, friendly.finish(intent);
	end, "row";
end

local function of_json(next_line)
	local number = 0;
	return function ()
		local line, problem = next_line();
		if not line then return nil; end
		number = number + 1;
		if problem then return number, nil, problem; end
		local claims, reason = core.decode(line);
		if type(claims) ~= "table" or getmetatable(claims) == core.array_mt then
			return number, nil, reason or "expected an object of claims";
		end
		return number, claims;
	end, "line";
end

local formats = { csv = of_csv, jsonl = of_json, ndjson = of_json, json = of_json };

local function format_of(args)
	local format = args.format or args.bulk:match("%.(%w+)$");
	return formats[format] or stop.usage("--format: expected csv or jsonl");
end

-- The token of a record, as it is written; nil and why not.
local function token_of(mint, record, is_claims, url)
	local claims, tenant = record, nil;
	if not is_claims then
		tenant = record.scope;
		local minted, losses = mint:claims(record);
		if not minted then return nil, losses; end
		if losses[1] then return nil, losses[1].name .. ": " .. losses[1].why; end
		claims = minted;
	end
	local token, reason = mint:sign(claims);
	if not token or not url then return token, reason; end
	return mint:link(url, token, claims, tenant);
end

--- Sign every record of args.bulk.
---@param args table  bulk, format, out, stop, url
---@param mint Minter
---@param defaults fun(): Intent
---@param now number
function bulk.run(args, mint, defaults, now)
	local file = files.open(args.bulk, "the records");
	local read = format_of(args);
	if read == of_json and mint.extra then stop.usage("--claim: the lines of JSON have all claims. Remove --claim"); end
	local path = files.path(args.out);
	local output <close> = path and files.create(path) or files.stdout();
	local bar = progress.of(file);
	local next_record, word = read(lines.of(file), defaults, now);
	local signed, refused = 0, 0;
	for number, record, problem in next_record do
		local token;
		if not problem then token, problem = token_of(mint, record, read == of_json, args.url); end
		if token then
			signed = signed + 1;
			output:write(token, "\n");
		else
			refused = refused + 1;
			bar:clear();
			terminal.say("%s %d: %s", word, number, problem);
			if args.stop then stop.refused("stopped; %s", path and "nothing was written" or "the other rows were not signed"); end
			output:write("\n"); -- so that what is signed stays beside its record
		end
		bar:step();
	end
	bar:finish();
	output:keep();
	if refused > 0 then stop.refused("%d signed, %d not signed", signed, refused); end
end

return bulk;
