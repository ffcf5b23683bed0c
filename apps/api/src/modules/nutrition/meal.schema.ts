import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';

/** Who wrote a meal down: the patient, or a program that looked at a picture. */
export const MEAL_SOURCES = ['manual', 'ai'] as const;
export type MealSource = (typeof MEAL_SOURCES)[number];

/** Most food items of one meal. */
export const MAX_ITEMS = 50;

/**
 * What a patient ate at one time, as the patient entered it: its totals are never recomputed from the items. Grams and
 * kcal. Shard key: hashed `patientId`.
 */
@Schema({ collection: 'meals', timestamps: true })
export class Meal {
  _id!: Types.ObjectId;
  __v!: number;
  createdAt!: Date;
  updatedAt!: Date;

  @Prop({ type: Types.ObjectId, required: true })
  patientId!: Types.ObjectId;

  @Prop({ type: String, required: true })
  name!: string;

  @Prop({ type: Date, required: true })
  eatenAt!: Date;

  @Prop({ type: Number, required: true })
  carbs!: number;

  @Prop({ type: Number })
  protein?: number;

  @Prop({ type: Number })
  fat?: number;

  @Prop({ type: Number })
  calories?: number;

  @Prop({ type: String })
  note?: string;

  @Prop({ type: String, enum: MEAL_SOURCES, default: 'manual' })
  source!: MealSource;

  /** Percent; meaningful where a program guessed the meal. */
  @Prop({ type: Number })
  confidence?: number;

  /** Number of its food items (internal): what keeps two additions from passing the limit together. */
  @Prop({ type: Number, default: 0 })
  itemCount!: number;
}

export const MealSchema = SchemaFactory.createForClass(Meal);
MealSchema.index({ patientId: 1, eatenAt: -1, _id: -1 }, { name: 'meals_patient' });

/** One food of a meal, grams and kcal. */
@Schema({ collection: 'fooditems', timestamps: true })
export class FoodItem {
  _id!: Types.ObjectId;
  __v!: number;
  createdAt!: Date;
  updatedAt!: Date;

  @Prop({ type: Types.ObjectId, required: true })
  mealId!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  patientId!: Types.ObjectId;

  @Prop({ type: String, required: true })
  name!: string;

  @Prop({ type: Number, required: true })
  carbs!: number;

  @Prop({ type: Number })
  protein?: number;

  @Prop({ type: Number })
  fat?: number;

  @Prop({ type: Number })
  calories?: number;
}

export const FoodItemSchema = SchemaFactory.createForClass(FoodItem);
FoodItemSchema.index({ mealId: 1, patientId: 1, createdAt: 1 }, { name: 'fooditems_meal' });
