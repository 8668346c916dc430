/** @jsxImportSource hono/jsx */
// One file between being sent and being taken in: what it would bring, and what its columns mean.
import type { Names } from "../exceptions/people.ts";
import { formatCount, formatCountOf, formatTime } from "../format.ts";
import { Layout } from "../layout.tsx";
import { Notice } from "../parts.tsx";
import { MappingSection, type MappingSectionProps } from "./mapping-section.tsx";
import { SHAPE_NAMES } from "./mapping-words.ts";
import { PreviewSection, type PreviewSectionProps } from "./preview-section.tsx";
import { UploadState } from "./upload-state.tsx";

export interface UploadPageProps extends MappingSectionProps, PreviewSectionProps {
  readonly names: Names;
  /** What is wrong with the form that was just sent. */
  readonly formError: string | null;
}

export function UploadPage(props: UploadPageProps) {
  const { page, upload, names, formError } = props;
  const { remembered, state } = upload;
  return (
    <Layout page={page} title="Import a settlement file">
      <p class="crumbs">
        <a href="/settlement">Settlement</a>
      </p>
      <h1>{upload.name}</h1>
      <p class="subtitle">
        {SHAPE_NAMES[upload.draft.shape]}, {formatCount(Math.ceil(upload.bytes / 1024))} kB,{" "}
        {formatCountOf(upload.sample.header.length, "column")}.{" "}
        {remembered === null
          ? "Its columns were guessed; look whether they are right."
          : `Files like this were read as ${names(remembered.by)} has confirmed on ${formatTime(remembered.atMs, null)}.`}
      </p>
      {formError === null ? null : <Notice tone="bad">{formError}</Notice>}
      <UploadState page={page} upload={upload} />
      {state.is === "imported" || state.is === "importing" ? null : (
        <>
          <PreviewSection {...props} />
          <MappingSection {...props} />
        </>
      )}
    </Layout>
  );
}
