#include "common/http/http.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace veche::http {

absl::string_view Request::Header(absl::string_view name) const {
  for (const Span& header : headers_) {
    if (header.name_size == name.size() &&
        absl::EqualsIgnoreCase({text_.data() + header.name, header.name_size}, name)) {
      return {text_.data() + header.value, header.value_size};
    }
  }
  return {};
}

std::string Request::JoinedHeader(absl::string_view name) const {
  std::string joined;
  for (const Span& header : headers_) {
    if (absl::EqualsIgnoreCase({text_.data() + header.name, header.name_size}, name)) {
      absl::StrAppend(&joined, joined.empty() ? "" : ",",
                      absl::string_view(text_.data() + header.value, header.value_size));
    }
  }
  return joined;
}

bool Request::HasHeader(absl::string_view name) const { return Header(name).data() != nullptr; }

void Request::AddHeader(absl::string_view name, absl::string_view value) {
  Span span;
  span.name = static_cast<uint32_t>(text_.size());
  span.name_size = static_cast<uint32_t>(name.size());
  text_.append(name.data(), name.size());
  span.value = static_cast<uint32_t>(text_.size());
  span.value_size = static_cast<uint32_t>(value.size());
  text_.append(value.data(), value.size());
  headers_.push_back(span);
}

void Response::Add(absl::string_view name, absl::string_view value) {
  absl::StrAppend(&headers, name, ": ", value, "\r\n");
}

}  // namespace veche::http
