#!/bin/sh
# A receiver as a CGI program, for lighttpd, Apache or busybox httpd. Needs openssl.
# WEBHOOK_SECRET=whsec_… is in its environment.
set -eu

body=$(mktemp)
trap 'rm -f "$body"' EXIT
head -c "$CONTENT_LENGTH" > "$body"

key=$(printf %s "${WEBHOOK_SECRET#whsec_}" | base64 -d | od -An -v -tx1 | tr -d ' \n')
expected="v1,$({ printf '%s.%s.' "$HTTP_WEBHOOK_ID" "$HTTP_WEBHOOK_TIMESTAMP"; cat "$body"; } |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64)"

age=$(( $(date +%s) - HTTP_WEBHOOK_TIMESTAMP ))
# Two signatures, separated by a space, while the secret is rotated.
case " $HTTP_WEBHOOK_SIGNATURE " in
  *" $expected "*) genuine=$([ "$age" -ge -300 ] && [ "$age" -le 300 ] && echo yes || echo no) ;;
  *) genuine=no ;;
esac

if [ "$genuine" = no ]; then
  printf 'Status: 401 Unauthorized\r\n\r\n'
  exit
fi
# Here goes what is to happen; a message may come twice, under the same $HTTP_WEBHOOK_ID.
cat "$body" >> "${MESSAGES:-/dev/null}"
printf 'Status: 204 No Content\r\n\r\n'
