-- doc/faults.md: what it says is seen is what the code logs, and its specs are there, each of the faults-* among them.

local lfs = require "lfs";

local function read(path)
	local file <close> = assert(io.open(path));
	return file:read("a");
end

local rows = {};
for line in io.lines("doc/faults.md") do
	local cells = {};
	for cell in line:gmatch("|%s*([^|]-)%s*%f[|]") do cells[#cells + 1] = cell; end
	if #cells == 5 and cells[1] ~= "fault" and not cells[1]:find("^%-") then rows[#rows + 1] = cells; end
end

local code = {};
local sources <close> = assert(io.popen("find lua -name '*.lua'"));
for path in sources:lines() do code[#code + 1] = read(path); end
code = table.concat(code, "\n");

describe("doc/faults.md", function ()
	it("has a row for each fault", function ()
		assert.equal(16, #rows);
	end);

	for _, row in ipairs(rows) do
		it(("quotes what the log says, and names specs that are there: %s"):format(row[1]), function ()
			for text in row[3]:gmatch("`([^`]+)`") do
				text = text:gsub("^(Join refused: ).*", "%1"):gsub("…", "%%s"); -- what is filled in
				assert.is_truthy(code:find(text, 1, true), text);
			end
			for name in row[5]:gmatch("[%w-]+") do
				assert.equal("file", lfs.attributes("spec/prosody/" .. name .. ".test.mjs", "mode"), name);
			end
		end);
	end

	it("names each spec of faults", function ()
		local named = "";
		for _, row in ipairs(rows) do named = named .. row[5] .. " "; end
		for file in lfs.dir("spec/prosody") do
			local name = file:match("^(faults%-.*)%.test%.mjs$");
			if name then assert.is_truthy(named:find(name, 1, true), name); end
		end
	end);
end);
