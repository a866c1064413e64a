--- The one style sheet of all pages. It is next to this file, as a style sheet.

local style = {};

--- Its contents: read when a page is made, because most programs that load this make none.
---@return string
function style.read()
	local path = assert(package.searchpath("meetauth.page.style", (package.path:gsub("%.lua%f[;\0]", ".css"))));
	local file <close> = assert(io.open(path, "rb"));
	return file:read("a");
end

return style;
