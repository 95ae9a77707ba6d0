#include "services/classification/commands/commands.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/text/utf8.h"
#include "services/classification/classifier/classifier.h"
#include "services/classification/model/model_file.h"
#include "services/classification/training/evaluation.h"
#include "services/classification/training/labelled_data.h"
#include "services/classification/training/trainer.h"

namespace veche::classification {
namespace {

constexpr absl::string_view kUsage =
    "usage: veche classifier train --data FILE.tsv [--data …] [--labels HEAD=COLUMN,…] [--no-seed] "
    "--out MODEL\n"
    "       veche classifier evaluate --model MODEL --data FILE.tsv [--data …] "
    "[--labels HEAD=COLUMN,…] [--json]\n"
    "       veche classifier explain --model MODEL --text TEXT\n"
    "HEAD is topic, group, department or place.\n";
constexpr size_t kWarnings = 10;  // printed of each kind

constexpr std::pair<absl::string_view, std::string ColumnNames::*> kColumns[] = {
    {"topic", &ColumnNames::topic},
    {"group", &ColumnNames::group},
    {"department", &ColumnNames::department},
    {"place", &ColumnNames::place}};

struct Arguments {
  std::string command;
  std::vector<std::string> data;
  ColumnNames columns;
  std::string model;
  std::string out;
  std::string text;
  bool json = false;
  bool with_seed = true;
};

absl::Status SetLabels(const std::string& value, ColumnNames& columns) {
  for (absl::string_view part : absl::StrSplit(value, ',')) {
    const std::pair<absl::string_view, absl::string_view> label =
        absl::StrSplit(part, absl::MaxSplits('=', 1));
    const auto* column =
        absl::c_find_if(kColumns, [&](const auto& known) { return known.first == label.first; });
    if (column == std::end(kColumns) || label.second.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--labels takes topic=COLUMN,group=COLUMN,department=COLUMN,place=COLUMN, "
                       "not \"",
                       part, "\""));
    }
    columns.*(column->second) = std::string(label.second);
  }
  return absl::OkStatus();
}

absl::Status SetFlag(const std::string& flag, const std::string& value, Arguments& arguments) {
  if (flag == "--labels") return SetLabels(value, arguments.columns);
  if (flag == "--data") {
    arguments.data.push_back(value);
  } else if (flag == "--model") {
    arguments.model = value;
  } else if (flag == "--out") {
    arguments.out = value;
  } else if (flag == "--text") {
    arguments.text = value;
  } else {
    return absl::InvalidArgumentError(absl::StrCat("unknown argument ", flag));
  }
  return absl::OkStatus();
}

absl::StatusOr<Arguments> ParseArguments(absl::Span<const std::string> args) {
  if (args.empty()) return absl::InvalidArgumentError("a command is missing");
  Arguments arguments;
  arguments.command = args[0];
  for (size_t i = 1; i < args.size(); ++i) {
    if (args[i] == "--json" || args[i] == "--no-seed") {
      (args[i] == "--json" ? arguments.json : arguments.with_seed) = args[i] == "--json";
      continue;
    }
    const size_t equals = args[i].find('=');
    if (absl::StartsWith(args[i], "--") && equals != std::string::npos) {
      RETURN_IF_ERROR(SetFlag(args[i].substr(0, equals), args[i].substr(equals + 1), arguments));
    } else if (i + 1 < args.size()) {
      RETURN_IF_ERROR(SetFlag(args[i], args[i + 1], arguments));
      ++i;
    } else {
      return absl::InvalidArgumentError(absl::StrCat(args[i], " needs a value"));
    }
  }
  return arguments;
}

// A column that an option names must be in at least one file.
absl::Status CheckFound(const ColumnNames& wanted, const ColumnNames& found) {
  for (const auto& [what, name] : kColumns) {
    if ((wanted.*name).empty() || !(found.*name).empty()) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("the header of no --data has the column \"", wanted.*name, "\""));
  }
  return absl::OkStatus();
}

// The model's report names files without their folders, which are private.
std::string FileName(const std::string& path) { return path.substr(path.rfind('/') + 1); }

struct AllData {
  std::vector<LabelledText> texts;
  ColumnNames found;  // found in any of the files
};

absl::StatusOr<AllData> ReadAll(const Arguments& arguments, const ColumnNames& columns, DataUse use,
                                std::ostream& err) {
  AllData all;
  std::vector<ColumnNames> found(arguments.data.size());
  for (size_t i = 0; i < found.size(); ++i) {
    ASSIGN_OR_RETURN(std::vector<LabelledText> texts,
                     ReadLabelledData(arguments.data[i], columns, use, &found[i]));
    std::move(texts.begin(), texts.end(), std::back_inserter(all.texts));
    for (const auto& [what, name] : kColumns) {
      if (!(found[i].*name).empty()) all.found.*name = found[i].*name;
    }
  }
  RETURN_IF_ERROR(CheckFound(arguments.columns, all.found));
  for (size_t i = 0; i < found.size(); ++i) {
    for (const auto& [what, name] : kColumns) {
      if (!(found[i].*name).empty() || (all.found.*name).empty()) continue;
      if (name == &ColumnNames::group && !found[i].topic.empty())
        continue;  // a topic implies its group
      err << "warning: " << FileName(arguments.data[i]) << ": the header has no column \""
          << all.found.*name << "\": its rows say nothing of a " << what << "\n";
    }
  }
  return all;
}

std::string SourceOf(const std::vector<std::string>& paths, bool with_seed) {
  std::vector<std::string> names;
  for (const std::string& path : paths) names.push_back(FileName(path));
  if (with_seed) names.push_back("seed");
  return absl::StrJoin(names, ", ");
}

// The first names of a list.
std::string Listed(const std::vector<std::string>& all) {
  const size_t shown = std::min(all.size(), kWarnings);
  return absl::StrCat(absl::StrJoin(all.begin(), all.begin() + static_cast<ptrdiff_t>(shown), ", "),
                      shown < all.size() ? ", …" : "");
}

absl::Status Train(const Arguments& arguments, std::ostream& out, std::ostream& err) {
  ASSIGN_OR_RETURN(const AllData data,
                   ReadAll(arguments, arguments.columns, DataUse::kTraining, err));
  for (const std::string& warning : FindContradictions(data.texts, kWarnings)) {
    err << "warning: " << warning << "\n";
  }
  const std::vector<std::string> repeats = FindRepeats(data.texts);
  if (!repeats.empty()) {
    err << "warning: " << repeats.size() << " of " << data.texts.size()
        << " texts were there before with the same labels: " << Listed(repeats) << "\n";
  }
  std::vector<Example> examples;
  for (const LabelledText& text : data.texts) examples.push_back(text.example);
  std::vector<Example> names = NameExamples(data.texts);
  std::move(names.begin(), names.end(), std::back_inserter(examples));
  TrainOptions options;
  options.source = SourceOf(arguments.data, arguments.with_seed);
  options.columns = data.found;
  options.with_seed = arguments.with_seed;
  ASSIGN_OR_RETURN(const Model model, TrainModel(examples, options));
  RETURN_IF_ERROR(WriteModelFile(model, arguments.out));
  const TrainingReport& report = model.parts().report;
  out << absl::StrFormat(
      "model %s: %d texts of the city, %d of the program, %d features, %d bytes\n", model.version(),
      report.city_examples, report.examples - report.city_examples, model.parts().hashes.size(),
      model.bytes().size());
  constexpr const char* kHeadNames[kHeads] = {"topics", "groups", "departments"};
  for (size_t head = 0; head < kHeads; ++head) {
    out << absl::StrFormat("%3d %-12s %.3f right in cross-validation on %d texts\n",
                           model.labels(static_cast<Head>(head)).size(), kHeadNames[head],
                           report.heads[head].accuracy, report.heads[head].examples);
  }
  return absl::OkStatus();
}

// Warns of texts that the model was trained on: they make the figures too good.
void WarnOfTrained(const Model& model, const std::vector<LabelledText>& texts, std::ostream& err) {
  std::vector<std::string> trained;
  for (const LabelledText& text : texts) {
    if (model.Trained(text.example.text)) trained.push_back(text.where);
  }
  if (trained.empty()) return;
  err << "warning: " << trained.size() << " of " << texts.size()
      << " texts were in the training data, which flatters the model: " << Listed(trained) << "\n";
}

// Warns of labels that the model does not have: it cannot be right on them.
void WarnOfUnknown(const Model& model, const std::vector<LabelledText>& texts, std::ostream& err) {
  std::vector<std::string> unknown = FindUnknownLabels(model, texts);
  const size_t more = unknown.size() - std::min(unknown.size(), kWarnings);
  unknown.resize(unknown.size() - more);
  for (const std::string& warning : unknown) err << "warning: " << warning << "\n";
  if (more > 0) err << "warning: … and " << more << " more labels that the model does not know\n";
  const bool asked = absl::c_any_of(
      texts, [](const LabelledText& text) { return !text.example.department.empty(); });
  if (asked && model.parts().report.heads[kDepartment].examples == 0) {
    err << "warning: the model has learnt of no departments: it answers with those that usually "
           "have a topic\n";
  }
}

absl::Status EvaluateModel(const Arguments& arguments, std::ostream& out, std::ostream& err) {
  ASSIGN_OR_RETURN(const Model model, ReadModelFile(arguments.model));
  // Default: the columns that the model was trained on.
  ColumnNames columns = arguments.columns;
  if (columns.topic.empty() && columns.group.empty() && columns.department.empty()) {
    columns = model.parts().columns;
  }
  ASSIGN_OR_RETURN(const AllData data, ReadAll(arguments, columns, DataUse::kEvaluation, err));
  WarnOfTrained(model, data.texts, err);
  WarnOfUnknown(model, data.texts, err);
  const Evaluation evaluation = Evaluate(model, data.texts);
  out << (arguments.json ? ToJson(evaluation) : ToTable(evaluation));
  return absl::OkStatus();
}

absl::Status Explain(const Arguments& arguments, std::ostream& out) {
  if (!text::IsValidUtf8(arguments.text)) {
    return absl::InvalidArgumentError("--text is not valid UTF-8");
  }
  ASSIGN_OR_RETURN(Model model, ReadModelFile(arguments.model));
  ASSIGN_OR_RETURN(const Classifier classifier, Classifier::Create(std::move(model)));
  const Suggestion suggestion = classifier.Suggest(arguments.text);
  for (const Candidate& candidate : suggestion.candidates) {
    std::string line = absl::StrFormat("%.3f  %-32s", candidate.probability, candidate.topic->id);
    if (!candidate.evidence.empty()) {
      absl::StrAppend(&line, " for: ", absl::StrJoin(candidate.evidence, ", "), ";");
    }
    if (!candidate.counter_evidence.empty()) {
      absl::StrAppend(&line, " against: ", absl::StrJoin(candidate.counter_evidence, ", "));
    }
    out << absl::StripSuffix(absl::StripTrailingAsciiWhitespace(line), ";") << "\n";
  }
  out << (suggestion.confident ? "confident" : "not confident: a person should look at it") << "\n";
  out << "language " << text::LanguageCode(suggestion.language) << "\n";
  if (suggestion.emergency)
    out << "emergency " << suggestion.emergency->kind << ": " << suggestion.advice << "\n";
  return absl::OkStatus();
}

absl::Status CheckGiven(bool given, absl::string_view flag) {
  return given ? absl::OkStatus() : absl::InvalidArgumentError(absl::StrCat(flag, " is missing"));
}

// Reports an option that is missing.
absl::Status Check(const Arguments& arguments) {
  if (arguments.command == "train") {
    RETURN_IF_ERROR(CheckGiven(!arguments.data.empty(), "--data"));
    return CheckGiven(!arguments.out.empty(), "--out");
  }
  if (arguments.command == "evaluate" || arguments.command == "explain") {
    RETURN_IF_ERROR(CheckGiven(!arguments.model.empty(), "--model"));
    return arguments.command == "evaluate" ? CheckGiven(!arguments.data.empty(), "--data")
                                           : CheckGiven(!arguments.text.empty(), "--text");
  }
  return absl::InvalidArgumentError(absl::StrCat("unknown command ", arguments.command));
}

}  // namespace

int RunClassifierCommand(absl::Span<const std::string> args, std::ostream& out, std::ostream& err) {
  absl::StatusOr<Arguments> arguments = ParseArguments(args);
  const absl::Status usable = arguments.ok() ? Check(*arguments) : arguments.status();
  if (!usable.ok()) {
    err << usable.message() << "\n" << kUsage;
    return 2;
  }
  const absl::Status done = arguments->command == "train"      ? Train(*arguments, out, err)
                            : arguments->command == "evaluate" ? EvaluateModel(*arguments, out, err)
                                                               : Explain(*arguments, out);
  if (done.ok()) return 0;
  err << done.message() << "\n";
  return 1;
}

}  // namespace veche::classification
