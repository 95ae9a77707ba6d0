#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "google/rpc/error_details.pb.h"

namespace veche::notifications::testing {

// Every violation of an error, in English: "topic is required\nlink must be …\n".
inline std::string Complaints(const absl::Status& status, const Texts& texts) {
  google::rpc::BadRequest bad;
  const absl::Status localized = Localize(status, texts, "en");
  const auto payload = localized.GetPayload("type.googleapis.com/google.rpc.BadRequest");
  if (payload) bad.ParseFromString(std::string(*payload));
  std::string complaints;
  for (const auto& violation : bad.field_violations()) {
    absl::StrAppend(&complaints, violation.field(), " ", violation.description(), "\n");
  }
  return complaints;
}

}  // namespace veche::notifications::testing
