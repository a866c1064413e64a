--- make bench-bulk: sign --bulk of a million rows beside bare signing of as many claims, in one run. Each side counts
-- its own processor time; the command its peak of memory, too. Exit status 1 where a limit is passed.

local ROWS = tonumber(os.getenv("ROWS")) or 1000000;
local MEMORY_MAX = 32768;               -- KB, whatever the number of rows
local RATIO_MAX = { csv = 8, jsonl = 5 }; -- times the processor time of bare signing

if arg[1] == "command" then -- the command itself, in a process of its own: what it took goes to standard error
	local status = require "meetauth.cli.main"(table.move(arg, 2, #arg, 1, {}));
	local status_file <close> = assert(io.open("/proc/self/status"));
	io.stderr:write(("took %f %s\n"):format(os.clock(), status_file:read("a"):match("VmHWM:%s*(%d+)")));
	os.exit(status);
end

local meetauth = require "meetauth";
local json = require "meetauth.util.json";

local folder = os.tmpname();
os.remove(folder);
assert(os.execute("mkdir " .. folder));
local _ <close> = setmetatable({}, { __close = function () os.execute("rm -r " .. folder); end });

local SECRET = ("s"):rep(32);

local function write(name, text_of)
	local file <close> = assert(io.open(folder .. "/" .. name, "w"));
	for i = 0, ROWS do file:write(text_of(i)); end
end

local function claims_of(i)
	return { iss = "portal", aud = "jitsi", sub = "meet.example", room = "room-" .. i % 5000, iat = 1700000000, exp = 1700007200,
		context = { user = { id = "user-" .. i, name = "Person " .. i, moderator = i % 10 == 0 } } };
end

local function command(name, options)
	local line = "lua5.4 spec/bench/bulk.lua command sign --secret-file %s/secret --bulk %s/%s --out %s/out %s 2>&1";
	local pipe <close> = assert(io.popen(line
		:format(folder, folder, name, folder, options)));
	local said = pipe:read("a");
	local seconds, memory = said:match("took (%S+) (%d+)");
	assert(pipe:close() and seconds, said);
	return tonumber(seconds), tonumber(memory);
end

local function bare()
	local key = assert(meetauth.key({ alg = "HS256", secret = SECRET }));
	local claims, before = claims_of(7), os.clock();
	for _ = 1, ROWS do meetauth.sign(key, claims); end
	return os.clock() - before;
end

do
	local file <close> = assert(io.open(folder .. "/secret", "w"));
	file:write(SECRET);
end
write("rows.csv", function (i)
	if i == 0 then return "room,user-id,name,moderator,expires-in\n"; end
	return ("room-%d,user-%d,Person %d,%s,2h\n"):format(i % 5000, i, i, i % 10 == 0 and "true" or "");
end);
write("rows.jsonl", function (i) return i == 0 and "" or json.encode(claims_of(i)) .. "\n"; end);

local failed = false;
local floor = bare();
print(("%-26s %8.2f s"):format(("bare signing, %d"):format(ROWS), floor));
for _, case in ipairs({
	{ format = "csv", options = "--iss portal --aud jitsi --sub meet.example" }, { format = "jsonl", options = "" },
}) do
	local seconds, memory = command("rows." .. case.format, case.options);
	local fine = seconds <= floor * RATIO_MAX[case.format] and memory <= MEMORY_MAX;
	failed = failed or not fine;
	print(("%-26s %8.2f s  ratio %.2f (limit %d)  peak %d KB (limit %d)%s"):format("sign --bulk, " .. case.format, seconds,
		seconds / floor, RATIO_MAX[case.format], memory, MEMORY_MAX, fine and "" or "  SHORT"));
end
if failed then os.exit(1, true); end
