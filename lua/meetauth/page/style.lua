--- The one style sheet of all pages. It stands beside this file, as a style sheet.

local style = {};

--- What is in it: read when a page is made, since most who load this make none.
---@return string
function style.read()
	local path = assert(package.searchpath("meetauth.page.style", (package.path:gsub("%.lua%f[;\0]", ".css"))));
	local file <close> = assert(io.open(path, "rb"));
	return file:read("a");
end

return style;
