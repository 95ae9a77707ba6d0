#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <utility>

#include "common/http/http.h"

namespace veche::http {

// Beast's parser, which fills a Request without an allocation for each field. It does not store the
// body: each put() of the parser yields at most one piece.
class RequestParser final : public boost::beast::http::basic_parser<true> {
 public:
  RequestParser(Request& request, uint32_t header_bytes) : request_(request) {
    header_limit(header_bytes);
    body_limit(boost::none);  // the connection applies the limit
  }

  // The piece of the last put(), which points into the buffer of that put(); "" when there was
  // none.
  absl::string_view TakePiece() { return std::exchange(piece_, {}); }
  bool expects_continue() const { return expects_continue_; }
  int version() const { return version_; }  // 11 for HTTP/1.1

 private:
  using error_code = boost::beast::error_code;
  using view = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb, view method, view target, int version,
                       error_code&) override {
    version_ = version;
    request_.method.assign(method.data(), method.size());
    request_.target.assign(target.data(), target.size());
  }
  void on_response_impl(int, view, int, error_code&) override {}
  void on_field_impl(boost::beast::http::field field, view name, view value, error_code&) override {
    if (field == boost::beast::http::field::expect) {
      expects_continue_ = boost::beast::iequals(value, "100-continue");
    }
    request_.AddHeader({name.data(), name.size()}, {value.data(), value.size()});
  }
  void on_header_impl(error_code&) override {
    if (chunked()) {
      request_.content_length = -1;
    } else if (content_length()) {
      request_.content_length = static_cast<int64_t>(*content_length());
    }
  }
  void on_body_init_impl(const boost::optional<uint64_t>&, error_code&) override {}
  size_t on_body_impl(view body, error_code&) override {
    piece_ = {body.data(), body.size()};
    return body.size();
  }
  void on_chunk_header_impl(uint64_t, view, error_code&) override {}
  size_t on_chunk_body_impl(uint64_t, view body, error_code&) override {
    piece_ = {body.data(), body.size()};
    return body.size();
  }
  void on_finish_impl(error_code&) override {}

  Request& request_;
  absl::string_view piece_;
  bool expects_continue_ = false;
  int version_ = 11;
};

}  // namespace veche::http
