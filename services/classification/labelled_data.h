#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/classification/trainer.h"

namespace veche::classification {

// A labelled text of a city's data.
struct LabelledText {
  Example example;
  std::string department_kind;  // "" when the data do not say
};

// Reads tab-separated data under a header: a column `text` and one with topics, `topic_column` or,
// when that is empty, "u_topic" or "topic"; "dept_kind" if there. InvalidArgument with the line for
// a topic that Topics() does not have, an empty text, a missing column.
absl::StatusOr<std::vector<LabelledText>> ParseLabelledData(absl::string_view data,
                                                            absl::string_view topic_column);

// The same from a file; the path is in every message. NotFound when it cannot be opened.
absl::StatusOr<std::vector<LabelledText>> ReadLabelledData(const std::string& path,
                                                           absl::string_view topic_column);

}  // namespace veche::classification
