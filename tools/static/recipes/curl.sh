# libcurl for HTTP(S) and FILE over OpenSSL, with HTTP/2, zlib, brotli and zstd; no LDAP, SSH, Kerberos, IDN or PSL.
# No trust store is built in (the program looks for the image's), and the image's openssl.cnf is not read:
# it may name modules that a static program cannot load.
# shellcheck shell=sh
build_library() {
  off=
  for protocol in DICT FTP GOPHER IMAP LDAP LDAPS MQTT POP3 RTSP SMB SMTP TELNET TFTP; do
    off="$off -DCURL_DISABLE_$protocol=ON"
  done
  # shellcheck disable=SC2086  # a list of options without spaces
  cmake_install "$1" "$2" $off -DBUILD_CURL_EXE=OFF -DBUILD_TESTING=OFF -DENABLE_MANUAL=OFF -DPICKY_COMPILER=OFF \
    -DCURL_USE_OPENSSL=ON -DUSE_NGHTTP2=ON -DCURL_BROTLI=ON -DCURL_ZSTD=ON \
    -DUSE_LIBIDN2=OFF -DCURL_USE_LIBPSL=OFF -DCURL_USE_LIBSSH2=OFF -DCURL_USE_LIBSSH=OFF -DCURL_USE_GSSAPI=OFF \
    -DCURL_DISABLE_NTLM=ON -DCURL_DISABLE_ALTSVC=ON -DCURL_DISABLE_HSTS=ON -DCURL_DISABLE_DOH=ON \
    -DCURL_CA_BUNDLE=none -DCURL_CA_PATH=none -DCURL_CA_FALLBACK=OFF -DCURL_DISABLE_OPENSSL_AUTO_LOAD_CONFIG=ON
}
