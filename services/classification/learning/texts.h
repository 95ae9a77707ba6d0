#pragma once

#include <grpcpp/grpcpp.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace veche::classification {

// What an appeal contributes to training besides its labels.
struct AppealText {
  std::string text;
  std::vector<std::string> places = {};  // as PlaceNames returns them
};

// The texts of appeals, with personal data masked. Classification does not store texts: a text that
// was erased in appeals is missing from the next training. Thread-safe.
class TextSource {
 public:
  virtual ~TextSource() = default;
  // The texts that still exist, by the appeal's name. Unavailable when appeals does not answer.
  virtual absl::StatusOr<std::map<std::string, AppealText>> Fetch(
      absl::Span<const std::string> appeals) = 0;
};

// Reads them from the service appeals, in pages.
std::unique_ptr<TextSource> AppealTexts(std::shared_ptr<grpc::Channel> channel);

}  // namespace veche::classification
