#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "services/classification/training/trainer.h"

namespace veche::classification {

// A labelled text of a city's data.
struct LabelledText {
  Example example;
  std::string where;            // "appeals.tsv: line 7"
  std::string topic_name;       // the city's own name of the topic; "" if the data have none
  std::string department_name;  // the same for the department
};

// What the rows are used for.
enum class DataUse {
  kTraining,    // labels must be known, and each row must have one
  kEvaluation,  // labels may be anything
};

// The columns of `data` with labels and places: the names in `wanted` that the header has; for an
// empty name the first that the header has of: u_topic, topic; u_group, group; dept_kind,
// department; place, city, source. "" for a column that is missing.
ColumnNames FindColumns(absl::string_view data, const ColumnNames& wanted);

// A label for use in an error: quoted if it looks like an id; otherwise its length only, because it
// may be a text from another column and errors are logged.
std::string QuoteLabel(const std::string& label);

// Reads tab-separated data with a header: a column `text` and those of FindColumns, of which at
// least one must be of labels. If the topics are in another column, the column `topic` has the
// city's names of them; the column `executor` has those of departments. The optional columns
// `latitude` and `longitude`, `district` and `channel` are places as well; a text counts for every
// place that enough texts have. InvalidArgument with the line for an unknown topic or group, an
// ill-formed department, an empty text, a row without labels or with too few cells; without a line
// for missing columns. `file` is used in messages.
absl::StatusOr<std::vector<LabelledText>> ParseLabelledData(absl::string_view data,
                                                            const ColumnNames& columns = {},
                                                            DataUse use = DataUse::kTraining,
                                                            absl::string_view file = "");

// Reads a file with ParseLabelledData; every message has the file's name. NotFound when the file
// cannot be opened. Sets `*found` to the columns, unless `found` is null.
absl::StatusOr<std::vector<LabelledText>> ReadLabelledData(const std::string& path,
                                                           const ColumnNames& columns = {},
                                                           DataUse use = DataUse::kTraining,
                                                           ColumnNames* found = nullptr);

// An example for each distinct name of a topic or department.
std::vector<Example> NameExamples(absl::Span<const LabelledText> texts);

// A message for each text that appears again with another label; at most `limit`, then their
// number.
std::vector<std::string> FindContradictions(absl::Span<const LabelledText> texts, size_t limit);

// The positions of texts that appeared before with the same labels.
std::vector<std::string> FindRepeats(absl::Span<const LabelledText> texts);

}  // namespace veche::classification
