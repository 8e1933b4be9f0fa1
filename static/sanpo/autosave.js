// Autosave of a questionnaire's section: how its questions are read, written and said.
import { describe, readBody, writeBody } from "./question.js";
import { startReveal } from "./reveal.js";
import { startSectionPage } from "./sectionpage.js";

startSectionPage({ readBody, writeBody, describe, follow: startReveal });
