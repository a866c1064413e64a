--- busted's helper: tells the file MEETAUTH_SKIPPED what is pending, a line each, for skipped.sh.

local busted = require "busted";

local path = os.getenv("MEETAUTH_SKIPPED");
local reasons = {}; -- by test, where it has found out itself that it cannot run

local function file_of(element)
	while element.descriptor ~= "file" do element = busted.parent(element); end
	return element.name:match("([^/]+)%.lua$");
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
