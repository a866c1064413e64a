-- files: what the console is made of: two pages, whose words are of meetauth/page/words.lua, scripts, and one style sheet.

local html = require "meetauth.page.html";
local json = require "meetauth.util.json";
local read_style = require "meetauth.page.style".read;
local words = require "meetauth.page.words";

local files = {};

local el = html.element;

---@class ConsoleFile
---@field text string
---@field kind string  as Content-Type has it

local HTML, SCRIPT, STYLE = "text/html; charset=utf-8", "text/javascript; charset=utf-8", "text/css; charset=utf-8";

local function script(name)
	local file <close> = assert(module:load_resource("web/" .. name));
	return { text = file:read("a"), kind = SCRIPT };
end

local function page(name, ...)
	local head = { el("link", { rel = "stylesheet", href = "style.css" }), el("script", { type = "module", src = name }) };
	return { text = html.document(words.language, words.title, head, ...), kind = HTML };
end

--- Without a session: the door, and what it is made of.
---@type table<string, ConsoleFile>
files.outside = {
	[""] = page("door.js", el("main", { class = "door" }, el("h1", {}, words.title),
		el("p", { id = "knocking" }, words.door.knocking),
		el("p", { id = "closed", role = "alert", hidden = "" }, words.door.closed, " ",
			el("code", {}, "prosodyctl shell meetauth console ", module.host)),
		el("noscript", {}, words.door.no_script)));
	["style.css"] = { text = read_style(), kind = STYLE };
	["door.js"] = script("door.js");
};

--- With one, beside these; the console replaces the door.
---@type table<string, ConsoleFile>
files.inside = setmetatable({
	[""] = page("console.js", el("div", { id = "console" }));
	["words.json"] = { text = json.encode(words), kind = "application/json" };
}, { __index = files.outside });

for _, name in ipairs({ "console", "parts", "read", "make", "refusals", "rooms", "keys" }) do
	files.inside[name .. ".js"] = script(name .. ".js");
end

return files;
