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
  std::string topic_name;       // what the city itself calls the topic, if the data say
  std::string department_name;  // the same of the department
};

// What rows are read for.
enum class DataUse {
  kTraining,    // labels must be known, and each row must have one
  kEvaluation,  // labels may be anything
};

// The columns of `data` for labels and places. A name that `wanted` gives is taken if the header
// has it; without one, the first that it has of: u_topic, topic; u_group, group; dept_kind,
// department; place, city, source. "" where there is none.
ColumnNames FindColumns(absl::string_view data, const ColumnNames& wanted);

// A label in an error: quoted, or its length where it is no id and may be a text out of another
// column, for errors are logged.
std::string QuoteLabel(const std::string& label);

// Reads tab-separated data under a header: a column `text` and those of FindColumns, of which at
// least one must have labels. A column `topic` beside another one with topics has their names, and
// so has `executor` beside departments. Where there are columns `latitude` and `longitude`,
// `district` or `channel`, they are places too: a text counts for each that enough texts have.
// InvalidArgument with the line for an unknown topic or group, an ill-formed department, an empty
// text, a row without labels, a row that is too short; without it for missing columns. `file` is
// for messages.
absl::StatusOr<std::vector<LabelledText>> ParseLabelledData(absl::string_view data,
                                                            const ColumnNames& columns = {},
                                                            DataUse use = DataUse::kTraining,
                                                            absl::string_view file = "");

// The same from a file; the name of the file is in every message. NotFound when it cannot be
// opened. Also tells the columns found, if `found` is not null.
absl::StatusOr<std::vector<LabelledText>> ReadLabelledData(const std::string& path,
                                                           const ColumnNames& columns = {},
                                                           DataUse use = DataUse::kTraining,
                                                           ColumnNames* found = nullptr);

// Each different name of a topic or department, as a text to learn from.
std::vector<Example> NameExamples(absl::Span<const LabelledText> texts);

// A line for each text that stands there again with another label; at most `limit`, then their
// number.
std::vector<std::string> FindContradictions(absl::Span<const LabelledText> texts, size_t limit);

// Where texts stand that were there before with the same labels.
std::vector<std::string> FindRepeats(absl::Span<const LabelledText> texts);

}  // namespace veche::classification
