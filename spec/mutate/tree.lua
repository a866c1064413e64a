--- A copy of the sources in build/mutate/tree, where one fault at a time is planted, built and taken out again: a run that
-- is killed leaves the checkout as it was.

local faults = require "spec.mutate.faults";

local tree = {};

local TREE = "build/mutate/tree";
local JOBS = 2;

local function shell(line)
	return (os.execute(line));
end

local function read(path)
	local file <close> = assert(io.open(path, "rb"));
	return file:read("a");
end

local function write(path, text)
	local file <close> = assert(io.open(path, "wb"));
	assert(file:write(text));
end

local options = {
	plain = "";
	sanitized = ' BUILD=build/asan CFLAGS="$SAN" LDFLAGS="$SAN"';
};

local built = {}; -- which builds are there

--- Build what has changed.
---@param build "plain"|"sanitized"
---@return boolean good  the compiler has no objection
function tree.build(build)
	built[build] = true;
	return shell(("env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -C %s -s -j%d%s all >build/mutate/make.log 2>&1"):format(TREE,
		JOBS, options[build])) == true;
end

--- Copy everything anew, and build it. Where packages of npm are there, they are shared.
function tree.make()
	assert(shell(([[rm -rf build/mutate && mkdir -p %s/build && tar -c --exclude=./build --exclude=./.git \
		--exclude=node_modules . | tar -x --touch -C %s]]):format(TREE, TREE)));
	assert(shell(([[for there in build/prosody-*; do [ ! -e "$there" ] || cp -a "$there" %s/build; done
		for there in spec/*/node_modules; do [ ! -e "$there" ] || ln -s "$PWD/$there" %s/"$there"; done]]):format(TREE, TREE)));
	assert(tree.build("plain"), "the sources do not compile; see build/mutate/make.log");
end

--- The files that may get faults.
---@param places string  as for the shell's find
---@return string[] paths
function tree.sources(places)
	local list = {};
	local pipe <close> = assert(io.popen(("cd %s && find %s -type f | LC_ALL=C sort"):format(TREE, places)));
	for path in pipe:lines() do list[#list + 1] = path; end
	return list;
end

---@param path string
---@return string
function tree.read(path)
	return read(TREE .. "/" .. path);
end

-- The builds of what is in C follow the sources.
local function rebuild(path)
	if not path:find("%.c$") then return true; end
	for build in pairs(built) do
		if not tree.build(build) then return false; end
	end
	return true;
end

---@param path string
---@param fault Fault
---@return fun() undo
---@return boolean good  it compiles
function tree.plant(path, fault)
	local before = tree.read(path);
	local after = faults.plant(before, fault);
	write(TREE .. "/" .. path, after);
	local good;
	if path:find("%.lua$") then
		good = load(after, "=" .. path) ~= nil;
	else
		good = tree.build("plain");
	end
	return function ()
		write(TREE .. "/" .. path, before);
		assert(rebuild(path), "the sources do not compile any more");
	end, good;
end

return tree;
