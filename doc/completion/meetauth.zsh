#compdef meetauth

_meetauth() {
  local context state state_descr line
  typeset -A opt_args

  local -a options=(
    {-h,--help}"[Show this help message and exit]"
    "--version[Show the version]"
  )
  _arguments -s -S \
    $options \
    ": :_meetauth_cmds" \
    "*:: :->args" \
    && return 0

  case $words[1] in
    sign)
      options=(
        $options
        {-h,--help}"[Show this help message and exit]"
        "--room[The room that it opens; *\: every room that the issuer has]: :_files"
        "--tenant[Jitsi\: the tenant that the room belongs to (sub)]: :_files"
        "--user-id[Who the bearer is, for the server]: :_files"
        "--name[What the others see]: :_files"
        "--email[Jitsi\: the bearer's mail address]: :_files"
        "--avatar[Jitsi\: the address of a picture]: :_files"
        "--group[Jitsi\: the bearer's group]: :_files"
        "--moderator[The bearer owns the room; without it, the token says that they do not]"
        "--lobby[bypass\: does not wait in the lobby; knock\: does]: :_files"
        "*--feature[Allow a feature, in Jitsi's words (recording, livestreaming, transcription, screen-sharing, ...); deny it by a hyphen\: --feature=-recording]: :_files"
        "--expires-in[When it expires, from now\: 90s, 15m, 1h (the default), 7d; -5m for a test\: it has expired]: :_files"
        "--not-before[From when on it is good\: 2026-01-31T08\:00Z]: :_files"
        "--eject-at-expiry[Daily\: the bearer is put out of the room when it expires]"
        "--eject-after[Daily\: the bearer's time in the room]: :_files"
        "--token-id[The token's own id (jti), to revoke it by]: :_files"
        "*--claim[One more claim, as JSON, or as a string where it is no JSON; dots reach inside\: context.user.team=7]: :_files"
        "--dialect[jitsi, jaas or daily; an entry has its own]: :(jitsi jaas daily)"
        "--claims[Sign the claims in this file (JSON) as they are; - is standard input]: :_files"
        "--bulk[Sign a token for each row of a CSV file (a header row names options, less their hyphens) or for each line of JSON (claims); - is standard input]: :_files"
        "--format[csv or jsonl, where the name of the file does not tell]: :(csv jsonl)"
        "--stop[With --bulk\: stop at the first row that cannot be signed]"
        "--out[Write to this file, once all is done, readable by its owner only]: :_files"
        "--url[Write a link to the room instead of the bare token]: :_files"
        "--iss[Jitsi\: the issuer]: :_files"
        "--aud[Jitsi\: the audience]: :_files"
        "--sub[Jitsi\: the domain whose plain rooms it opens, or * for all; --tenant comes before it]: :_files"
        "--domain-id[Daily\: the domain's id (d)]: :_files"
        "--app-id[JaaS\: the application's id]: :_files"
        "--kid[The key's kid; JaaS wants one]: :_files"
        "--now[Do as if it were this time\: 2026-01-31T08\:00Z, or seconds since 1970]: :_files"
        "--host[The VirtualHost whose entries count; needed where there are several]: :_files"
        "--config[Prosody's configuration]: :_files"
        "--prosody[Where Prosody's sources are, if not where prosodyctl says (also\: MEETAUTH_PROSODY)]: :_files"
        "--entry[With --host\: whose key signs; needed where there are several]: :_files"
        "--secret-file[The shared secret; - is standard input]: :_files"
        "--key-file[The key to sign with\: PEM or JWK]: :_files"
        "*--alg[Its algorithm; HS256 for secrets]: :(HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448)"
        "--weak-secret[Take a secret that is shorter than its hash]"
      )
      _arguments -s -S \
        $options \
        && return 0
      ;;

    inspect)
      options=(
        $options
        {-h,--help}"[Show this help message and exit]"
        "--json[Write JSON]"
      )
      _arguments -s -S \
        $options \
        ": :_files" \
        && return 0
      ;;

    verify)
      options=(
        $options
        {-h,--help}"[Show this help message and exit]"
        "--room[Also\: may it enter this room?]: :_files"
        "--json[Write JSON]"
        "--now[Do as if it were this time\: 2026-01-31T08\:00Z, or seconds since 1970]: :_files"
        "--host[The VirtualHost whose entries count; needed where there are several]: :_files"
        "--config[Prosody's configuration]: :_files"
        "--prosody[Where Prosody's sources are, if not where prosodyctl says (also\: MEETAUTH_PROSODY)]: :_files"
        "--offline[With --host\: ask no address; a token that needs one cannot be judged (status 3)]"
        "--jwks-file[A set of keys (JWK set) to verify with; with --host, in the place of every address]: :_files"
        "--secret-file[The shared secret; - is standard input]: :_files"
        "--key-file[The key to verify with\: PEM or JWK]: :_files"
        "*--alg[Its algorithm; HS256 for secrets]: :(HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448)"
        "--weak-secret[Take a secret that is shorter than its hash]"
        "*--iss[Accepted issuer]: :_files"
        "*--aud[Accepted audience]: :_files"
        "*--typ[Accepted typ]: :_files"
        "*--require[A claim that must be there]: :_files"
        "--max-age[The longest time since it was issued]: :_files"
        "--leeway[How far clocks may differ; 0s, or the entry's]: :_files"
      )
      _arguments -s -S \
        $options \
        ": :_files" \
        && return 0
      ;;

    explain)
      options=(
        $options
        {-h,--help}"[Show this help message and exit]"
        "--room[Also\: may it enter this room?]: :_files"
        "--json[Write JSON]"
        "--redact[For public bug reports\: shapes, lengths and a fingerprint in place of all values]"
        "--html[Write a page of it to this file as well, without values; - is standard output]: :_files"
        "--values[With --html\: show the values in it]"
        "--now[Do as if it were this time\: 2026-01-31T08\:00Z, or seconds since 1970]: :_files"
        "--host[The VirtualHost whose entries count; needed where there are several]: :_files"
        "--config[Prosody's configuration]: :_files"
        "--prosody[Where Prosody's sources are, if not where prosodyctl says (also\: MEETAUTH_PROSODY)]: :_files"
        "--offline[With --host\: ask no address; a token that needs one cannot be judged (status 3)]"
        "--jwks-file[A set of keys (JWK set) to verify with; with --host, in the place of every address]: :_files"
        "--secret-file[The shared secret; - is standard input]: :_files"
        "--key-file[The key to verify with\: PEM or JWK]: :_files"
        "*--alg[Its algorithm; HS256 for secrets]: :(HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448)"
        "--weak-secret[Take a secret that is shorter than its hash]"
        "*--iss[Accepted issuer]: :_files"
        "*--aud[Accepted audience]: :_files"
        "*--typ[Accepted typ]: :_files"
        "*--require[A claim that must be there]: :_files"
        "--max-age[The longest time since it was issued]: :_files"
        "--leeway[How far clocks may differ; 0s, or the entry's]: :_files"
      )
      _arguments -s -S \
        $options \
        ": :_files" \
        && return 0
      ;;

    convert)
      options=(
        $options
        {-h,--help}"[Show this help message and exit]"
        "--to[The dialect to make]: :(jitsi jaas daily)"
        "--from[The token's own dialect; an entry knows it]: :(jitsi jaas daily)"
        "--room[The room of the new token; the token's own]: :_files"
        "--json[Write JSON\: claims, token, losses]"
        "--sign-with[With --host\: the entry whose key signs]: :_files"
        "--sign-secret-file[The shared secret to sign with]: :_files"
        "--sign-key-file[The private key to sign with]: :_files"
        "--sign-alg[Its algorithm]: :(HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448)"
        "--iss[Jitsi\: the issuer]: :_files"
        "--aud[Jitsi\: the audience]: :_files"
        "--sub[Jitsi\: the domain whose plain rooms it opens, or * for all; --tenant comes before it]: :_files"
        "--domain-id[Daily\: the domain's id (d)]: :_files"
        "--app-id[JaaS\: the application's id]: :_files"
        "--kid[The key's kid; JaaS wants one]: :_files"
        "--host[The VirtualHost whose entries count; needed where there are several]: :_files"
        "--config[Prosody's configuration]: :_files"
        "--prosody[Where Prosody's sources are, if not where prosodyctl says (also\: MEETAUTH_PROSODY)]: :_files"
        "--secret-file[The shared secret; - is standard input]: :_files"
        "--key-file[The key to verify the token with\: PEM or JWK]: :_files"
        "*--alg[Its algorithm; HS256 for secrets]: :(HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448)"
        "--weak-secret[Take a secret that is shorter than its hash]"
        "--jwks-file[A set of keys to verify the token with]: :_files"
      )
      _arguments -s -S \
        $options \
        ": :_files" \
        && return 0
      ;;

    keygen)
      options=(
        $options
        {-h,--help}"[Show this help message and exit]"
        "--alg[The algorithm it is for]: :(HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448)"
        "--bits[Of an RSA key; 2048]: :_files"
        "--crv[For EdDSA; Ed25519]: :(Ed25519 Ed448)"
        "--kid[The public key's kid; its thumbprint (RFC 7638)]: :_files"
        "--out-private[Write the private key or the secret to this new file, which only its owner may read; without it, to standard output]: :_files"
        "--out-jwk[Write the public key to this new file, as a JWK; without it, where the private key has a file, to standard output]: :_files"
      )
      _arguments -s -S \
        $options \
        && return 0
      ;;

    jwks)
      options=(
        $options
        {-h,--help}"[Show this help message and exit]"
        "--alg[The algorithm of RSA keys; all others name theirs]: :(HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448)"
      )
      _arguments -s -S \
        $options \
        "*: :_files" \
        && return 0
      ;;

    check)
      options=(
        $options
        {-h,--help}"[Show this help message and exit]"
        "--host[The VirtualHost whose entries count; needed where there are several]: :_files"
        "--config[Prosody's configuration]: :_files"
        "--prosody[Where Prosody's sources are, if not where prosodyctl says (also\: MEETAUTH_PROSODY)]: :_files"
        "--jicofo[Jicofo's configuration]: :_files"
        "--migrate[Check nothing; print Jitsi's own options as an issuer entry]"
        "--json[Write JSON]"
      )
      _arguments -s -S \
        $options \
        && return 0
      ;;

  esac

  return 1
}

_meetauth_cmds() {
  local -a commands=(
    "sign:Sign a token, or many of them"
    "inspect:Show what a token says; verifies nothing"
    "verify:Verify a token: prints its claims (status 0) or why it is refused (status 1)"
    "explain:Show every check of a token with what was expected and found"
    "convert:Convert a token between Jitsi, JaaS and Daily; lists what is lost"
    "keygen:Make a new key or secret"
    "jwks:Write the public parts of keys as a JWK set"
    "check:Check the installation and the configuration: status 0 only if all is well"
  )
  _describe "command" commands
}

_meetauth
