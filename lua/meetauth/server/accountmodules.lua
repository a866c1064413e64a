--- Prosody's modules, and some of its community's, that keep something of a user's account. Bearers have none.

return {
	"account_activity", "blocklist", "bookmarks", "cloud_notify", "lastlog", "lastlog2", "mam", "offline", "pep", "pep_simple",
	"private", "roster", "vcard", "vcard4", "vcard_legacy",
};
