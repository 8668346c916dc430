/** @jsxImportSource hono/jsx */
import { Field } from "../parts.tsx";

export function Choice(props: {
  id: string;
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
}) {
  const { id, label, value, options } = props;
  return (
    <Field id={id} label={label}>
      <select id={id} name={id}>
        {options.map(([option, words]) => (
          <option value={option} selected={option === value}>
            {words}
          </option>
        ))}
      </select>
    </Field>
  );
}

export function ColumnSelect({
  id,
  header,
  value,
}: {
  id: string;
  header: readonly string[];
  value: string;
}) {
  return (
    <select id={id} name={id} aria-describedby={`${id}-hint`}>
      <option value="">All of them count</option>
      {header.map((name) => (
        <option value={name} selected={name === value}>
          {name}
        </option>
      ))}
    </select>
  );
}

export function StoreSelect(props: {
  id: string;
  name: string;
  stores: readonly string[];
  value: string;
}) {
  return (
    <select id={props.id} name={props.name}>
      <option value="">None</option>
      {props.stores.map((store) => (
        <option value={store} selected={store === props.value}>
          {store}
        </option>
      ))}
    </select>
  );
}
