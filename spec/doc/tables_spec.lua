--- No table stands twice in the pages: a row is written once, and its name has one row among all tables of its kind.

local page = require "spec.support.page";

-- The rows of all tables of a page, each with the head of its first column.
local function rows_of(path)
	local rows, head, at = {}, nil, 0;
	for n, line in ipairs(page.lines(path)) do
		if line.code or not line.text:find("^|") then
			head, at = nil, 0;
		else
			local cells = {};
			for cell in line.text:sub(2):gmatch("%s*(.-)%s*|") do cells[#cells + 1] = cell; end
			at = at + 1;
			head = head or cells[1];
			if at > 2 then rows[#rows + 1] = { at = path .. ":" .. n, path = path, head = head, cells = cells }; end
		end
	end
	return rows;
end

-- A cell without the places that its links lead to, which differ from folder to folder.
local function bare(cell) return (cell:gsub("%]%([^)]*%)", "]")); end

local function is_telling(cell) return select(2, bare(cell):gsub("%S+", "")) >= 6; end

-- Heads of the tables of reference, in which a name is looked up: it has one row in all of them.
local names_once = { option = true, reason = true, claim = true, ["claim or part"] = true, metric = true, property = true };

-- An argument has one meaning in several calls; and a hint is given with a reason or without (spec/doc/pages_spec.lua).
local repeats = { argument = true, beside = true };

local rows = {};
local pipe <close> = assert(io.popen("find README.md CHANGELOG.md doc examples -name '*.md' | sort"));
for path in pipe:lines() do
	for _, row in ipairs(rows_of(path)) do
		if not repeats[row.head] then rows[#rows + 1] = row; end
	end
end

-- The rows that say what an earlier one says, with its name and a cell of six words or more beside it.
local function repeated(list)
	local seen, found = {}, {};
	for _, row in ipairs(list) do
		for i = 2, #row.cells do
			local id = bare(row.cells[1]) .. "\0" .. bare(row.cells[i]);
			if is_telling(row.cells[i]) then
				if seen[id] and seen[id].at ~= row.at then found[#found + 1] = seen[id].at .. " and " .. row.at; end
				seen[id] = seen[id] or row;
			end
		end
	end
	return found;
end

describe("the tables of the pages", function ()
	it("were found", function () assert.is_true(#rows > 500, #rows); end);

	it("have no row that stands twice", function ()
		assert.same({}, repeated(rows));
	end);

	for head in pairs(names_once) do
		it("have each name once under " .. head, function ()
			local seen = {};
			for _, row in ipairs(rows) do
				for _, name in ipairs(row.head == head and page.quoted(row.cells[1]) or {}) do
					assert.is_nil(seen[name], ("%s: %s and %s"):format(name, seen[name], row.at));
					seen[name] = row.at;
				end
			end
			assert.is_truthy(next(seen));
		end);
	end

	it("are seen to stand twice, where they do", function ()
		local function row(at, ...) return { at = at, cells = { ... } }; end
		assert.same({ "a:1 and b:1" }, repeated({ row("a:1", "`x`", "string", "the name of a thing, see [this](a.md)"),
			row("b:1", "`x`", "text", "the name of a thing, see [this](../a.md)") }));
		assert.same({}, repeated({ row("a:1", "`x`", "the long name of a thing"), row("b:1", "`y`", "the long name of a thing") }));
	end);
end);
