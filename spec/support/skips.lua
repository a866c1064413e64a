--- busted's helper: tells the file MEETAUTH_SKIPPED what is pending, a line each, for skipped.sh.

local busted = require "busted";

local path = os.getenv("MEETAUTH_SKIPPED");
local reasons = {}; -- by test, where it has found out itself that it cannot run

-- Below spec/ by its folder, too: many files are called by one name.
local function file_of(element)
	while element.descriptor ~= "file" do element = busted.parent(element); end
	return element.name:match("%f[^/\0]spec/(.+)%.lua$") or element.name:match("([^/]+)%.lua$");
end

busted.subscribe({ "pending", "it" }, function (element, _, message)
	reasons[element] = ": " .. message:gsub("^[^\n]-:%d+: ", "");
end);

busted.subscribe({ "test", "end" }, function (element, _, status)
	if path and status == "pending" then
		local file <close> = assert(io.open(path, "a"));
		file:write(file_of(element), ": ", element.name, reasons[element] or "", "\n");
	end
end);
