--- The one style sheet of all pages. It stands beside this file, as a style sheet.

local style = {};

local function beside()
	local path = assert(package.searchpath("meetauth.page.style", (package.path:gsub("%.lua%f[;\0]", ".css"))));
	local file <close> = assert(io.open(path, "rb"));
	return file:read("a");
end

--- What is in it.
---@type string
style.text = beside();

return style;
