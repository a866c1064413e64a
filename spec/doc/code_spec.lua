-- doc/code.md names each folder of the library, and no file that is not there.

local function read(path)
	local file = assert(io.open(path));
	local text = file:read("a");
	file:close();
	return text;
end

local function is_there(path)
	local file = io.open(path);
	return file ~= nil and file:close();
end

local page = read("doc/code.md");

-- Where a file that the page names may stand: the page leaves out what a reader sees from the row.
local places = { "", "lua/meetauth/", "lua/", "lua/mod_auth_meetauth/", "lua/mod_muc_meetauth/", "lua/mod_shell_meetauth/",
	"lua/mod_console_meetauth/" };

local function is_found(name, row)
	for _, place in ipairs(places) do
		if is_there(place .. name) then return true; end
	end
	local folder = row:match("^| `([%w_/]+/)`"); -- the row's own folder
	if folder and is_there(folder .. name) then return true; end
	return name:find("^mod_%w+%.lua$") and is_there(("lua/%s/%s"):format(name:match("^(.*)%.lua$"), name)) or false;
end

describe("doc/code.md", function ()
	for line in page:gmatch("[^\n]+") do
		for name in line:gmatch("`([%w_/.]+%.%l+)`") do
			if name:find("%.lua$") or name:find("%.c$") or name:find("%.mjs$") or name:find("%.md$") then
				it("names " .. name .. ", which is there", function () assert(is_found(name, line), name); end);
			end
		end
	end

	local libs = assert(io.popen("find lua -name '*.lib.lua'"));
	for path in libs:lines() do
		local name = path:match("[^/]+$");
		it("names " .. path, function () assert(page:find("[`/]" .. name:gsub("%p", "%%%0") .. "`"), path); end);
	end
	libs:close();

	local modules = assert(io.popen("find lua -maxdepth 1 -name 'mod_*'"));
	for path in modules:lines() do
		local name = path:match("[^/]+$");
		it("names the module " .. name, function () assert(page:find("`" .. name .. "/", 1, true), name); end);
	end
	modules:close();

	local folders = assert(io.popen("find lua/meetauth -type d"));
	for folder in folders:lines() do
		local floor = folder:match("^lua/meetauth/(%w+)$");
		if floor then
			it("has a row for " .. floor, function () assert(page:find("| `lua/meetauth/" .. floor .. "/` |", 1, true), floor); end);
		end
	end
	folders:close();
end);
