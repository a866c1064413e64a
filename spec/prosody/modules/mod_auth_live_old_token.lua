-- For live specs: the login of a host as it was before: a token is good if it is signed with app_secret, whatever it says.

local verify = require "util.jwt".verify;
local new_uuid = require "util.uuid".generate;

local secret = module:get_option_string("app_secret");

local handler = {};
handler.__index = handler;

function handler:mechanisms() return { ANONYMOUS = true }; end -- luacheck: ignore 212/self
function handler:select(mechanism) self.selected = mechanism; return true; end
function handler:clean_clone() return setmetatable({ session = self.session }, handler); end

function handler:process()
	if not self.session.auth_token or not verify(secret, self.session.auth_token) then
		return "failure", "not-allowed", "token required";
	end
	self.session.jitsi_meet_room = "set by the login in use";
	self.username = new_uuid();
	return "success";
end

module:provides("auth", {
	get_sasl_handler = function (session) return setmetatable({ session = session }, handler); end;
});
