-- A folder is a floor: it imports only what stands above it in this list, no two folders import each other, and each file
-- has its spec where its name says. There is no list of exceptions.

local floors = {
	"core", "reasons", "util", "http", "room", "key", "dialect", "access", "hint", "token", "init", "rest", "config", "server",
	"page", "cli", "mod",
};

local height = {};
for i, name in ipairs(floors) do height[name] = i; end

local function lines_of(command)
	local pipe = assert(io.popen(command));
	local list = {};
	for line in pipe:lines() do list[#list + 1] = line; end
	pipe:close();
	return list;
end

local function read(path)
	local file = assert(io.open(path));
	local text = file:read("a");
	file:close();
	return text;
end

local function exists(path)
	local file = io.open(path);
	return file ~= nil and file:close();
end

local files = lines_of("find lua -name '*.lua' | sort");
files[#files + 1] = "lua/meetauth/cli/meetauth";

-- The code of a file, without its comments.
local function code_of(path) return (read(path):gsub("%-%-[^\n]*", "")); end

-- How a require names what it wants: in the line, by pcall, or by the folder of what it puts together.
local named = { "^%s*\"[^\"]+\"", "^%s*%(%s*\"[^\"]+\"%s*%)", "^%s*,%s*\"[^\"]+\"%s*%)" };

local function is_named(rest, is_folder)
	for _, form in ipairs(named) do
		if rest:find(form) then return true; end
	end
	local folder = rest:match("^%s*%(%s*\"meetauth%.([%w_.]+)%.\"%s*%.%.");
	return folder ~= nil and is_folder[(folder:gsub("%.", "/"))] == true;
end

-- "key/ring" of lua/meetauth/key/ring.lua; nil for what is no part of the library.
local function module_of(path) return path:match("^lua/meetauth/(.*)%.lua$"); end

local is_module = { core = true };
for _, path in ipairs(files) do
	local name = module_of(path);
	if name then is_module[name] = true; end
end

local is_folder = {};
for name in pairs(is_module) do
	local folder = name:match("^(.*)/");
	while folder do
		is_folder[folder] = true;
		folder = folder:match("^(.*)/");
	end
end

local function folder_of(name) return name:match("^(.*)/") or name; end
local function floor_of(name) return name:match("^[^/]+"); end

-- What a file imports: each text in it that names a module, or the folder of a module whose name is put together.
local function imports(text)
	local found = {};
	for name in text:gmatch("[\"']meetauth%.([%w_.]+)[\"']") do
		local path = name:gsub("%.", "/");
		if is_module[path] then
			found[#found + 1] = path;
		elseif path:sub(-1) == "/" and is_folder[path:sub(1, -2)] then
			found[#found + 1] = path .. "*";
		end
	end
	if text:find("require[ (]*[\"']meetauth[\"']") then found[#found + 1] = "init"; end
	return found;
end

-- A way from something back to itself, in words; edges: from -> to -> the words for it.
local function circle_of(edges)
	local function reach(from, start, seen)
		for to, why in pairs(edges[from] or {}) do
			if to == start then return why; end
			if not seen[to] then
				seen[to] = true;
				local back = reach(to, start, seen);
				if back then return why .. "; " .. back; end
			end
		end
		return nil;
	end
	for from in pairs(edges) do
		local circle = reach(from, from, {});
		if circle then return circle; end
	end
	return nil;
end

describe("floors", function ()
	for _, path in ipairs(files) do
		local own = module_of(path);
		local floor = own and floor_of(own) or "mod";
		local text = read(path);

		it(path .. " stands on a floor", function () assert.is_not_nil(height[floor], floor); end);

		it(path .. " imports only what stands above it", function ()
			for _, name in ipairs(imports(text)) do
				local other = floor_of(name);
				assert.is_not_nil(height[other], name);
				assert(height[other] < height[floor] or other == floor, ("%s imports %s"):format(path, name));
			end
		end);

		it(path .. " names all that it requires, in the line or by the folder", function ()
			local code = code_of(path);
			for from in code:gmatch("%f[%w_.:\"]require%f[^%w_]()") do
				local rest = code:sub(from, from + 200);
				local is_field = rest:find("^%s*=[^=]");
				assert(is_field or is_named(rest, is_folder), path .. ": require" .. rest:match("^[^\n]*"));
			end
			for from in code:gmatch("%f[%w_\"]module:require()") do
				local rest = code:sub(from, from + 200);
				assert(rest:find("^ \"[%w_/]+\""), path .. ": module:require" .. rest:match("^[^\n]*"));
			end
		end);

		if own then
			it(path .. " has its spec", function ()
				assert(exists(("spec/%s_spec.lua"):format(own)), ("spec/%s_spec.lua"):format(own));
			end);
		end
	end

	it("no two folders import each other", function ()
		local edges = {};
		for name in pairs(is_module) do
			if name ~= "core" then
				for _, other in ipairs(imports(read(("lua/meetauth/%s.lua"):format(name)))) do
					local from, to = folder_of(name), folder_of(other);
					if from ~= to then
						edges[from] = edges[from] or {};
						edges[from][to] = name .. " imports " .. other;
					end
				end
			end
		end
		assert.is_nil(circle_of(edges));
	end);

	it("no two libs of a module require each other", function ()
		local edges = {};
		for _, path in ipairs(files) do
			local name = path:match("^lua/(mod_[^/]+/[^/]+)%.lib%.lua$");
			for other in name and read(path):gmatch('module:require "([%w_/]+)"') or function () end do
				edges[name] = edges[name] or {};
				edges[name][other:find("/") and other or name:match("^.*/") .. other] = name .. " requires " .. other;
			end
		end
		assert.is_not_nil(next(edges));
		assert.is_nil(circle_of(edges));
	end);

	it("no two modules require each other's libs", function ()
		local edges = {};
		for _, path in ipairs(files) do
			local from = path:match("^lua/(mod_[^/]+)/");
			for to in from and read(path):gmatch('module:require "(mod_[%w_]+)/') or function () end do
				edges[from] = edges[from] or {};
				edges[from][to] = path .. " requires one of " .. to;
			end
		end
		assert.is_not_nil(next(edges));
		assert.is_nil(circle_of(edges));
	end);

	local live = {};
	for _, path in ipairs(lines_of("find spec/prosody -name '*.mjs' -not -path '*/node_modules/*'")) do
		live[#live + 1] = read(path);
	end
	live = table.concat(live);

	for _, path in ipairs(files) do
		local name = path:match("([^/]+/[^/]+%.lib)%.lua$");
		if name then
			it(path .. " is named by a live spec", function () assert(live:find(name, 1, true), name); end);
		end
	end
end);
