#ifndef HEADROOM_CCURL_SHIM_H
#define HEADROOM_CCURL_SHIM_H

#include <curl/curl.h>
#include <dlfcn.h>

// libcurl brings some twenty libraries along. It is loaded when a model is asked for the first time, so that all other
// runs neither wait for it nor hold any network code.
#if defined(__APPLE__)
#define HEADROOM_LIBCURL "libcurl.4.dylib"
#else
#define HEADROOM_LIBCURL "libcurl.so.4"
#endif

static inline void *headroom_curl_symbol(const char *name) {
  static void *library = 0;
  if (!library) library = dlopen(HEADROOM_LIBCURL, RTLD_NOW | RTLD_LOCAL);
  return library ? dlsym(library, name) : 0;
}

#define HEADROOM_CURL(function) ((__typeof__(&function))headroom_curl_symbol(#function))

// Whether libcurl is there and ready. Nothing below may be called before it was, and said so.
static inline int headroom_curl_start(void) {
  return HEADROOM_CURL(curl_global_init) && HEADROOM_CURL(curl_global_init)(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

static inline CURL *headroom_curl_open(void) { return HEADROOM_CURL(curl_easy_init)(); }

static inline void headroom_curl_close(CURL *handle) { HEADROOM_CURL(curl_easy_cleanup)(handle); }

static inline CURLcode headroom_curl_perform(CURL *handle) { return HEADROOM_CURL(curl_easy_perform)(handle); }

static inline const char *headroom_curl_reason(CURLcode code) { return HEADROOM_CURL(curl_easy_strerror)(code); }

static inline time_t headroom_curl_time(const char *date) { return HEADROOM_CURL(curl_getdate)(date, 0); }

static inline struct curl_slist *headroom_curl_append(struct curl_slist *list, const char *line) {
  return HEADROOM_CURL(curl_slist_append)(list, line);
}

static inline void headroom_curl_free(struct curl_slist *list) { HEADROOM_CURL(curl_slist_free_all)(list); }

static inline CURLcode headroom_curl_set_number(CURL *handle, CURLoption option, long value) {
  return HEADROOM_CURL(curl_easy_setopt)(handle, option, value);
}

static inline CURLcode headroom_curl_set_text(CURL *handle, CURLoption option, const char *value) {
  return HEADROOM_CURL(curl_easy_setopt)(handle, option, value);
}

static inline CURLcode headroom_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
  return HEADROOM_CURL(curl_easy_setopt)(handle, option, value);
}

typedef size_t (*headroom_curl_sink)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode headroom_curl_set_sinks(CURL *handle, headroom_curl_sink body, headroom_curl_sink header,
                                               void *context) {
  HEADROOM_CURL(curl_easy_setopt)(handle, CURLOPT_WRITEFUNCTION, body);
  HEADROOM_CURL(curl_easy_setopt)(handle, CURLOPT_WRITEDATA, context);
  HEADROOM_CURL(curl_easy_setopt)(handle, CURLOPT_HEADERFUNCTION, header);
  return HEADROOM_CURL(curl_easy_setopt)(handle, CURLOPT_HEADERDATA, context);
}

static inline long headroom_curl_status(CURL *handle) {
  long status = 0;
  HEADROOM_CURL(curl_easy_getinfo)(handle, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

// The option that takes names came with 7.85.
static inline CURLcode headroom_curl_allow_http_only(CURL *handle) {
#if LIBCURL_VERSION_NUM >= 0x075500
  return HEADROOM_CURL(curl_easy_setopt)(handle, CURLOPT_PROTOCOLS_STR, "http,https");
#else
  return HEADROOM_CURL(curl_easy_setopt)(handle, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

#endif
