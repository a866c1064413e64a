--- The libs of a Prosody module: each of them once. Prosody's module:require runs a lib anew for everybody who requires it,
-- so that what a lib keeps would be kept by each of them alone.

local libs = {};

--- From now on, whoever requires a lib of this module has the same one. A reload of the module begins anew.
---@param module table  Prosody's
function libs.share(module)
	local run, shared = module.require, {};
	module.require = function (self, name)
		if shared[name] == nil then shared[name] = run(self, name); end
		return shared[name];
	end;
end

return libs;
