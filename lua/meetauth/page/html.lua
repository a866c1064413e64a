--- HTML of elements and text. Text is escaped in every place; nothing else gets into a page but elements made here.

local names_of = require "meetauth.util.list".names;

local html = {};

local node = {}; -- the metatable of what was made here

local entities = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ["\""] = "&quot;", ["'"] = "&#39;" };

local function escape(words) return (words:gsub("[&<>\"']", entities)); end

local is_void = { link = true, meta = true };

---@class HtmlNode
---@field text string

local function made(text) return setmetatable({ text = text }, node); end

--- An element.
---@param name string
---@param attributes table<string, string>
---@param ... string|HtmlNode|false|nil  its contents: text, or elements; a list of these is treated as its items
---@return HtmlNode
function html.element(name, attributes, ...)
	local parts = { "<" .. name };
	for _, attribute in ipairs(names_of(attributes)) do
		parts[#parts + 1] = (" %s=\"%s\""):format(attribute, escape(attributes[attribute]));
	end
	parts[#parts + 1] = ">";
	local function add(child)
		if getmetatable(child) == node then
			parts[#parts + 1] = child.text;
		elseif type(child) == "string" then
			parts[#parts + 1] = escape(child);
		else
			for _, one in ipairs(child) do add(one); end
		end
	end
	for i = 1, select("#", ...) do
		local child = select(i, ...);
		if child then add(child); end
	end
	if not is_void[name] then parts[#parts + 1] = "</" .. name .. ">"; end
	return made(table.concat(parts));
end

--- A style sheet within the page; raises where it would end its element.
---@param sheet string
---@return HtmlNode
function html.style(sheet)
	assert(not sheet:find("</", 1, true));
	return made("<style>" .. sheet .. "</style>");
end

--- A whole page.
---@param language string
---@param title string
---@param head HtmlNode[]  beside what every page has
---@param ... HtmlNode     the body's
---@return string
function html.document(language, title, head, ...)
	local el = html.element;
	return "<!DOCTYPE html>\n" .. el("html", { lang = language },
		el("head", {}, el("meta", { charset = "utf-8" }),
			el("meta", { name = "viewport", content = "width=device-width, initial-scale=1" }),
			el("meta", { name = "color-scheme", content = "light dark" }), el("title", {}, title), head),
		el("body", {}, ...)).text .. "\n";
end

return html;
