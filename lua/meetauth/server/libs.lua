--- The libs of a Prosody module: each of them once. Prosody's module:require runs a lib again for every file that requires
-- it. Each file would then have its own copy of the lib's tables.

local libs = {};

--- From now on, all files that require a lib of this module share one. A reload of the module begins again.
---@param module table  Prosody's
function libs.share(module)
	local run, shared = module.require, {};
	module.require = function (self, name)
		if shared[name] == nil then shared[name] = run(self, name); end
		return shared[name];
	end;
end

return libs;
