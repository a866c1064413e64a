-- Links between the pages: each leads to a file that is there, and to a heading that it has.

local lfs = require "lfs";
local page = require "spec.support.page";

local function pages()
	local found = {};
	local pipe <close> = assert(io.popen("find README.md CHANGELOG.md doc examples -name '*.md' | sort"));
	for path in pipe:lines() do found[#found + 1] = path; end
	return found;
end

-- A heading as the anchor that a forge makes of it.
local function anchor_of(heading)
	return (heading:gsub("%[(.-)%]%b()", "%1"):lower():gsub("[^%w%s_-]", ""):gsub(" ", "-"));
end

local function anchors_of(path)
	local anchors = {};
	for _, line in ipairs(page.lines(path)) do
		local heading = not line.code and line.text:match("^#+ (.+)$");
		if heading then anchors[anchor_of(heading)] = true; end
	end
	return anchors;
end

-- A path without its "..", seen from the folder of another one.
local function beside(path, target)
	local parts = {};
	for part in ((path:match("^(.*)/[^/]*$") or "") .. "/" .. target):gmatch("[^/]+") do
		if part == ".." then assert(table.remove(parts), target .. " leads out of here"); else parts[#parts + 1] = part; end
	end
	return table.concat(parts, "/");
end

-- A link in a page that leads nowhere: what is missing; nil where it leads somewhere.
local function missing(path, link)
	if link:find("^%a+://") then return nil; end
	local target, anchor = link:match("^([^#]*)#?(.*)$");
	local file = target == "" and path or beside(path, target);
	if not lfs.attributes(file) then return file; end
	if anchor ~= "" and not anchors_of(file)[anchor] then return file .. "#" .. anchor; end
	return nil;
end

describe("the links", function ()
	local count = 0;
	for _, path in ipairs(pages()) do
		it("of " .. path .. " lead somewhere", function ()
			for _, line in ipairs(page.lines(path)) do
				for link in (line.code and "" or line.text):gmatch("%]%(([^)%s]+)%)") do
					count = count + 1;
					assert.is_nil(missing(path, link));
				end
			end
		end);
	end

	it("were found", function ()
		assert.is_true(count > 100, count);
		assert.equal("doc/nothing.md", missing("doc/README.md", "nothing.md"));
		assert.equal("README.md#nowhere", missing("doc/README.md", "../README.md#nowhere"));
	end);

	it("of doc/README.md lead to every page", function ()
		local linked = {};
		for _, line in ipairs(page.lines("doc/README.md")) do
			for link in line.text:gmatch("%]%(([^)#]+)%)") do linked[beside("doc/README.md", link)] = true; end
		end
		for _, path in ipairs(pages()) do assert.is_true(path == "doc/README.md" or linked[path], path); end
	end);
end);
