#include "services/polling/commands/report_text.h"

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "services/polling/protocol/canonical_json.h"

namespace veche::polling {
namespace {

using protocol::Definition;
using protocol::Fault;
using protocol::JsonObjectWriter;
using protocol::Report;

// Control characters in texts of a board must not reach the terminal. REQUIRES: `text` is UTF-8.
std::string Printable(absl::string_view text) {
  std::string printable(text);
  for (size_t i = 0; i < printable.size(); ++i) {
    const auto c = static_cast<unsigned char>(printable[i]);
    if (c < 0x20 || c == 0x7f) printable[i] = ' ';
    // U+0080 to U+009F are control characters of two bytes.
    const auto next = static_cast<unsigned char>(i + 1 < printable.size() ? printable[i + 1] : 0);
    if (c == 0xc2 && next < 0xa0) printable[i] = printable[i + 1] = ' ';
  }
  return printable;
}

// The same for the details of faults, which may quote any bytes of a ballot.
std::string PrintableBytes(absl::string_view bytes) {
  std::string printable(bytes);
  for (char& c : printable) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) c = '?';
  }
  return printable;
}

std::string AnyText(const protocol::TextsByLanguage& texts) {
  if (const auto english = texts.find("en"); english != texts.end()) {
    return Printable(english->second);
  }
  return texts.empty() ? "" : Printable(texts.begin()->second);
}

void PrintBoard(const Report& report, bool key_is_known, std::ostream& out) {
  if (report.definition) {
    out << "polls/" << report.definition->poll << ": " << AnyText(report.definition->titles)
        << "\n";
  }
  out << "  " << report.tree_size << " entries, root "
      << absl::BytesToHexString(merkle::HashBytes(report.root)) << "\n"
      << "  " << report.ballots << " ballots, " << report.valid_ballots << " of them valid, of "
      << report.voters << " voters\n";
  if (report.closing_record) {
    for (const auto& issuer : report.closing_record->issuers) {
      out << "  " << issuer.issued << " credentials issued by " << Printable(issuer.name) << "\n";
    }
    out << "  " << report.closing_record->eligible << " residents could vote\n";
  }
  if (report.definition && !key_is_known) {
    out << "The board key is the board's own. Compare it with the one that the city publishes "
           "elsewhere:\n  "
        << absl::Base64Escape(report.definition->board_key) << "\n";
  }
}

// "a, b" for the options of a group.
std::string Names(const Definition::Question& question, const std::vector<int>& options) {
  std::vector<std::string> names;
  names.reserve(options.size());
  for (const int option : options) {
    names.push_back(question.options[static_cast<size_t>(option)].id);
  }
  return absl::StrJoin(names, ", ");
}

std::string Hundredths(int64_t hundredths) {
  return absl::StrFormat("%d.%02d", hundredths / 100, hundredths % 100);
}

void PrintOrder(const Definition::Question& question, const counting::Result& result,
                std::ostream& out) {
  int place = 1;
  for (const std::vector<int>& group : result.order) {
    out << "  place " << place << ": " << Names(question, group)
        << (group.size() > 1 ? " (tied)" : "") << "\n";
    place += static_cast<int>(group.size());
  }
}

void PrintBudget(const Definition::Question& question, const counting::BudgetResult& budget,
                 std::ostream& out) {
  for (const counting::FundedOption& funded : budget.funded) {
    out << "  funded: " << Names(question, {funded.option});
    if (!funded.tied.empty()) {
      out << " (before the equal " << Names(question, funded.tied) << " by the poll's order)";
    }
    out << "\n";
  }
  out << "  " << budget.spent << " of " << question.budget << " spent\n";
}

void PrintQuestion(const Definition::Question& question, const counting::Result& result,
                   std::ostream& out) {
  out << question.id << " (" << question.method << "): " << AnyText(question.texts) << "\n  "
      << result.answered << " answers, " << result.skipped << " ballots without one\n";
  for (size_t i = 0; i < question.options.size(); ++i) {
    out << absl::StreamFormat("  %6d  %s  %s\n", result.counts[i], question.options[i].id,
                              AnyText(question.options[i].texts));
  }
  if (result.rating) {
    out << "  mean " << Hundredths(result.rating->mean_hundredths) << ", median "
        << Hundredths(result.rating->median_doubled * 50) << "\n";
  }
  if (result.budget) {
    PrintBudget(question, *result.budget, out);
  } else {
    PrintOrder(question, result, out);
  }
}

void PrintFault(const Fault& fault, std::ostream& out) {
  out << "  rule " << static_cast<int>(fault.rule);
  if (fault.index) out << ", entry " << *fault.index;
  if (!fault.issuer.empty()) out << ", issuer " << Printable(fault.issuer);
  out << ": " << PrintableBytes(fault.detail) << "\n";
}

std::string EncodeFault(const Fault& fault) {
  JsonObjectWriter json;
  json.Integer("rule", static_cast<int>(fault.rule))
      .String("issuer", fault.issuer)
      .String("detail", PrintableBytes(fault.detail));
  if (fault.index) json.Integer("index", static_cast<int64_t>(*fault.index));
  return json.Take();
}

}  // namespace

void PrintReport(const Report& report, bool key_is_known, std::ostream& out) {
  PrintBoard(report, key_is_known, out);
  if (report.definition) {
    for (size_t i = 0; i < report.results.size(); ++i) {
      PrintQuestion(report.definition->questions[i], report.results[i], out);
    }
    out << "SHA-256 of the result: " << absl::BytesToHexString(report.result_hash) << "\n";
  }
  if (report.fault_count == 0) {
    out << "No faults: the board is whole, every ballot is valid, and this is its result.\n";
    return;
  }
  out << report.fault_count << (report.fault_count == 1 ? " fault" : " faults")
      << ": do not trust this board.\n";
  for (const Fault& fault : report.faults) PrintFault(fault, out);
  if (report.fault_count > report.faults.size()) {
    out << "  … and " << report.fault_count - report.faults.size() << " more\n";
  }
}

void PrintReportJson(const Report& report, std::ostream& out) {
  JsonObjectWriter json;
  json.Array("faults", report.faults, EncodeFault)
      .Integer("faultCount", static_cast<int64_t>(report.fault_count))
      .Raw("result", report.result_json.empty() ? "null" : report.result_json)
      .String("resultHash", absl::BytesToHexString(report.result_hash));
  out << json.Take() << "\n";
}

}  // namespace veche::polling
